import OpenAI from 'openai'
import type { ProviderError } from '../../domain/errors.ts'
import { brokenReply, fromApiError, fromConnectionError } from '../api-error.ts'

/** Whatever the SDK throws, as our error. */
export function toProviderError(error: unknown): ProviderError {
  if (error instanceof OpenAI.APIConnectionError) return fromConnectionError(error)
  if (error instanceof OpenAI.APIError)
    return fromApiError({
      // An error in the middle of a stream has no status of its own.
      status: error.status ?? 500,
      code: error.code ?? error.type ?? null,
      message: error.message,
      headers: error.headers,
      requestId: error.requestID ?? null,
    })
  if (error instanceof SyntaxError) return brokenReply(error)
  return fromConnectionError(error)
}
