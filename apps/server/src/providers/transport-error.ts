import type { ProviderError } from '../domain/errors.ts'
import { failure } from './call-scope.ts'

/** Node's fetch gives up by itself: 10 s to connect, 300 s without headers, 300 s without a byte. */
const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

/** Certificates that no retry will mend. */
const certificateCode = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/

/** A connection that failed: refused, reset, timed out, cut in the middle of a stream. */
export function fromTransportError(error: unknown): ProviderError {
  const { code, message } = deepest(error)
  const text = `The connection failed: ${message}`
  if (code !== null && timeoutCodes.has(code)) return failure('timeout', text, { retryable: true })
  const isCertificate = code !== null && certificateCode.test(code)
  return failure('connection', text, { retryable: !isCertificate })
}

/** Whatever is left when the error is not one of the SDK's. */
export function fromUnknownError(error: unknown): ProviderError {
  // A stream that is cut within an event and one that was garbled on the way look the same.
  if (error instanceof SyntaxError)
    return failure('connection', 'The stream broke off or was garbled: an event was not JSON.', { retryable: true })
  if (isTransportError(error)) return fromTransportError(error)
  const message = error instanceof Error ? error.message : String(error)
  return failure('unknown', `The reply could not be read: ${message}`, { retryable: false })
}

/** undici throws a TypeError with a cause; errors of sockets carry a code. */
function isTransportError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error instanceof TypeError && error.cause instanceof Error) || typeof codeOf(error) === 'string'
}

/** `fetch failed` says nothing; the cause below it does. */
function deepest(error: unknown): { code: string | null; message: string } {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++)
    current = current.cause
  if (!(current instanceof Error)) return { code: null, message: String(current) }
  const code = codeOf(current)
  return { code, message: current.message || code || current.name }
}

function codeOf(error: Error): string | null {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : null
}
