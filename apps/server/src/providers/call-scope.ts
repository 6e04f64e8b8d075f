import type { FailureKind } from '@proctor/schema'
import { AbortedError, ProviderError } from '../domain/errors.ts'
import type { ChatOptions } from '../domain/ports.ts'

/** A longer delay makes setTimeout fire at once. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Runs one call bounded in time and stoppable: a hanging connect, a hanging stream and a stop all end it.
 * The caller's signal lives as long as a whole run, so nothing may stay attached to it after the call.
 *
 * @param work gets the signal to hand to the SDK; SDK streams end *silently* when it fires, so work must
 *   call `signal.throwIfAborted()` after reading one
 * @param toProviderError turns whatever work threw into our error
 * @throws AbortedError when the caller stopped it; ProviderError otherwise
 */
export async function inCallScope<T>(
  { signal, timeoutMs }: Pick<ChatOptions, 'signal' | 'timeoutMs'>,
  work: (signal: AbortSignal) => Promise<T>,
  toProviderError: (error: unknown) => ProviderError,
): Promise<T> {
  if (signal.aborted) throw new AbortedError()
  const scope = new AbortController()
  let timedOut = false
  const timer = setTimeout(
    () => {
      timedOut = true
      scope.abort()
    },
    Math.min(timeoutMs, longestTimerMs),
  )
  const stop = () => scope.abort()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(scope.signal)
  } catch (error) {
    if (signal.aborted) throw new AbortedError()
    if (timedOut) throw failure('timeout', `No complete answer within ${timeoutMs} ms.`, { retryable: true })
    throw toProviderError(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** The SDK's own timer, as long as ours at least: ours decides, but the SDK's would cut at ten minutes. */
export function sdkTimeoutMs(timeoutMs: number): number {
  return Math.min(Math.ceil(timeoutMs), longestTimerMs)
}

/** A ProviderError from its parts. */
export function failure(
  kind: FailureKind,
  message: string,
  details: {
    retryable: boolean
    httpStatus?: number | null
    providerRequestId?: string | null
    retryAfterMs?: number | null
  },
): ProviderError {
  const { retryable, httpStatus = null, providerRequestId = null, retryAfterMs = null } = details
  return new ProviderError({ kind, message, retryable, httpStatus, providerRequestId }, retryAfterMs)
}
