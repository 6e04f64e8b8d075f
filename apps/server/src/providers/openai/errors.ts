import OpenAI from 'openai'
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
  if (error instanceof OpenAI.APIConnectionTimeoutError)
    return failure('timeout', `The connection failed: ${error.message}`, { retryable: true })
  if (error instanceof OpenAI.APIConnectionError) return fromTransportError(error)
  if (!(error instanceof OpenAI.APIError)) return fromUnknownError(error)
  // vLLM and OpenRouter put the HTTP status into the error itself, the only place for it inside a stream.
  const code: unknown = error.code
  return fromApiError({
    status: error.status ?? toStatus(code),
    words: [typeof code === 'string' ? code : null, error.type],
    message: hideKey(messageOf(error), key),
    headers: error.headers,
    requestId: error.requestID ?? null,
  })
}

function toStatus(code: unknown): number | null {
  const status = Number(code)
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : null
}

/** The SDK puts the status in front of the message, and JSON where the error has another shape than OpenAI's. */
function messageOf({ error, message, status }: InstanceType<typeof OpenAI.APIError>): string {
  const readable = readableMessage(error)
  if (readable !== null) return readable
  const bare = message.replace(new RegExp(`^${status} `), '')
  return bare === 'status code (no body)' ? '' : bare
}
