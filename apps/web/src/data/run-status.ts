import type { RunStatus } from '@proctor/schema'

/** In the order in which filters list them. */
export const runStatuses: readonly RunStatus[] = [
  'running',
  'queued',
  'pausing',
  'paused',
  'completed',
  'cancelled',
  'failed',
]

/** The run changes without anyone asking. */
export function isMoving(status: RunStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'pausing'
}
