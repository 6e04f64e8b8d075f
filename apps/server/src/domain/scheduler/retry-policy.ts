import type { Random } from '../ports.ts'

const baseDelayMs = 500
const maxDelayMs = 60_000
/** Longest wait that a provider can ask for; beyond it the call is given up rather than the slot held. */
const maxRetryAfterMs = 300_000

/**
 * How long to wait before the next attempt, or null to give up.
 *
 * Exponential backoff with full jitter: uniform in [0, min(60 s, 0.5 s * 2^(attempt-1))]
 * (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Where the provider names
 * a wait, it is a floor, and the jitter comes on top so that the waiting calls do not return together.
 *
 * @param attempt number of attempts made so far, from 1
 */
export function retryDelayMs(
  attempt: number,
  maxAttempts: number,
  retryAfterMs: number | null,
  random: Random,
): number | null {
  if (attempt >= maxAttempts) return null
  if (retryAfterMs !== null && retryAfterMs > maxRetryAfterMs) return null
  const backoff = random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1))
  return retryAfterMs === null ? backoff : retryAfterMs + Math.min(backoff, retryAfterMs)
}
