import type { NewMessage } from '../../domain/run-ports.ts'

/** A message of the observer's conversation before anything is said. */
export const emptyMessage: Omit<NewMessage, 'id' | 'role'> = {
  content: '',
  turn: 1,
  model: null,
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  latencyMs: null,
  timeToFirstTokenMs: null,
  costMicros: null,
  finishReason: null,
  providerRequestId: null,
  attempts: [],
}
