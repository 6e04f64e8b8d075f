import Anthropic from '@anthropic-ai/sdk'
import type { ProviderError } from '../../domain/errors.ts'
import { brokenReply, fromApiError, fromConnectionError } from '../api-error.ts'

/** Errors that arrive inside a stream have a type and no status. */
const statusOfType: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  overloaded_error: 529,
}

/** Whatever the SDK throws, as our error. */
export function toProviderError(error: unknown): ProviderError {
  if (error instanceof Anthropic.APIConnectionError) return fromConnectionError(error)
  if (error instanceof Anthropic.APIError)
    return fromApiError({
      status: error.status ?? statusOfType[error.type ?? ''] ?? 500,
      code: error.type,
      message: error.apiMessage ?? error.message,
      headers: error.headers,
      requestId: error.requestID ?? null,
    })
  if (error instanceof SyntaxError) return brokenReply(error)
  return fromConnectionError(error)
}
