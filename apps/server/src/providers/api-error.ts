import type { FailureKind } from '@proctor/schema'
import type { ProviderError } from '../domain/errors.ts'
import { failure } from './call-scope.ts'
import { parseRetryAfterMs } from './rate-limit-headers.ts'

/** What both SDKs tell about an HTTP error. */
export interface ApiErrorFacts {
  status: number
  /** The provider's own word for it: `rate_limit_error`, `context_length_exceeded`, ... */
  code: string | null
  message: string
  headers: Headers | undefined
  requestId: string | null
}

interface Verdict {
  kind: FailureKind
  retryable: boolean
}

/** By the provider's own word, where it says more than the status. */
const byCode: Record<string, Verdict> = {
  // An empty purse does not fill by waiting; a person has to top it up.
  insufficient_quota: { kind: 'auth', retryable: false },
  billing_error: { kind: 'auth', retryable: false },
  content_filter: { kind: 'content-filter', retryable: false },
  content_policy_violation: { kind: 'content-filter', retryable: false },
  overloaded_error: { kind: 'overloaded', retryable: true },
}

/** By HTTP status. */
function byStatus(status: number): Verdict {
  if (status === 401 || status === 403) return { kind: 'auth', retryable: false }
  if (status === 408) return { kind: 'timeout', retryable: true }
  if (status === 409) return { kind: 'unknown', retryable: true }
  if (status === 429) return { kind: 'rate-limited', retryable: true }
  if (status === 503 || status === 529) return { kind: 'overloaded', retryable: true }
  if (status >= 500) return { kind: 'unknown', retryable: true }
  return { kind: 'invalid-request', retryable: false }
}

/** An HTTP error of a provider as our error, with the wait that it asked for. */
export function fromApiError({ status, code, message, headers, requestId }: ApiErrorFacts): ProviderError {
  const { kind, retryable } = (code === null ? undefined : byCode[code]) ?? byStatus(status)
  return failure(kind, message, {
    retryable,
    httpStatus: status,
    providerRequestId: requestId,
    retryAfterMs: headers ? parseRetryAfterMs(headers, Date.now()) : null,
  })
}

/** A connection that failed: refused, reset, cut off in the middle of a stream. */
export function fromConnectionError(error: unknown): ProviderError {
  return failure('connection', `The connection failed: ${deepestMessage(error)}`, { retryable: true })
}

/** A stream that ended before the provider said that it was done. */
export function cutStream(): ProviderError {
  return failure('connection', 'The stream ended before the answer was complete.', { retryable: true })
}

/** A reply that does not follow the protocol. */
export function brokenReply(error: Error): ProviderError {
  return failure('unknown', `The provider sent a reply that cannot be read: ${error.message}`, { retryable: true })
}

/** `fetch failed` says nothing; the cause below it does. */
function deepestMessage(error: unknown): string {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause !== undefined; depth++)
    current = current.cause
  if (!(current instanceof Error)) return String(current)
  const { code } = current as NodeJS.ErrnoException
  return current.message || code || current.name
}
