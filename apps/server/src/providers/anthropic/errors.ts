import Anthropic from '@anthropic-ai/sdk'
import { ProviderError } from '../../domain/errors.ts'
import { fromApiError, hideKey, readableMessage, withoutKey } from '../api-error.ts'
import { failure } from '../call-scope.ts'
import { fromTransportError, fromUnknownError } from '../transport-error.ts'

/** Whatever the SDK throws, as our error, without the key. */
export function toProviderError(error: unknown, key: string | null): ProviderError {
  return withoutKey(convert(error, key), key)
}

function convert(error: unknown, key: string | null): ProviderError {
  if (error instanceof ProviderError) return error
  if (error instanceof Anthropic.APIConnectionTimeoutError)
    return failure('timeout', `The connection failed: ${error.message}`, { retryable: true })
  if (error instanceof Anthropic.APIConnectionError) return fromTransportError(error)
  if (!(error instanceof Anthropic.APIError)) return fromUnknownError(error)
  const bare = error.message.replace(new RegExp(`^${error.status} `), '')
  return fromApiError({
    status: error.status ?? null,
    words: [error.errorCode, error.type],
    message: hideKey(readableMessage(error.error) ?? (bare === 'status code (no body)' ? '' : bare), key),
    headers: error.headers,
    requestId: error.requestID ?? requestIdIn(error.error),
  })
}

/** Gateways drop the header; the body names the request as well. */
function requestIdIn(body: unknown): string | null {
  const isNamed = typeof body === 'object' && body !== null && 'request_id' in body
  return isNamed && typeof body.request_id === 'string' ? body.request_id : null
}
