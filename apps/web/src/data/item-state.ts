import type { FailureKind, ItemState } from '@proctor/schema'

/** In the order in which filters list them. */
export const itemStates: readonly ItemState[] = ['judged', 'answered', 'judge_failed', 'failed', 'running', 'pending']

export const failureKinds: readonly FailureKind[] = [
  'rate-limited',
  'timeout',
  'auth',
  'refused',
  'invalid-request',
  'overloaded',
  'connection',
  'content-filter',
  'unknown',
]
