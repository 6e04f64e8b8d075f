import type { FailureKind } from '@proctor/schema'
import { AbortedError, ProviderError } from '../domain/errors.ts'
import type { ChatOptions } from '../domain/ports.ts'

/**
 * Runs one call bounded in time and stoppable: a hanging connect, a hanging stream and a stop all end it.
 *
 * @param work gets the signal to hand to the SDK
 * @param toProviderError turns what the SDK threw into our error
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
  const timer = setTimeout(() => {
    timedOut = true
    scope.abort()
  }, timeoutMs)
  const stop = () => scope.abort()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(scope.signal)
  } catch (error) {
    if (signal.aborted) throw new AbortedError()
    if (timedOut) throw failure('timeout', `No complete answer within ${timeoutMs} ms.`, { retryable: true })
    throw error instanceof ProviderError ? error : toProviderError(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
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
