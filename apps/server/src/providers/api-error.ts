import type { FailureKind } from '@proctor/schema'
import { ProviderError } from '../domain/errors.ts'
import { failure } from './call-scope.ts'
import { parseRetryAfterMs } from './rate-limit-headers.ts'

/** What both SDKs tell about an error that the provider reported. */
export interface ApiErrorFacts {
  /** Null for an error inside a stream: its HTTP status was 200. */
  status: number | null
  /** The provider's own words for it, the most telling first: `context_length_exceeded`, `rate_limit_error`, ... */
  words: readonly (string | null | undefined)[]
  message: string
  headers: Headers | undefined
  requestId: string | null
}

interface Verdict {
  kind: FailureKind
  retryable: boolean
  /** What a person must do, where the provider's message does not say it. */
  hint?: string
}

const maxMessageLength = 500
/** A message lies no deeper than this, and a body of a thousand levels must not end in a stack overflow. */
const deepestMessage = 5

/**
 * An empty purse is `auth`: like a wrong key, the account may not call until a person mends it, and every
 * item of the run will fail the same way. It is not `rate-limited`, since no waiting helps, and not
 * `refused`, which says that the model declined this very prompt.
 */
const billing: Verdict = {
  kind: 'auth',
  retryable: false,
  hint: 'Top up the account or raise its spending limit at the provider, then retry.',
}
const filtered: Verdict = { kind: 'content-filter', retryable: false }
const invalid: Verdict = { kind: 'invalid-request', retryable: false }
const overloaded: Verdict = { kind: 'overloaded', retryable: true }
const unclear: Verdict = { kind: 'unknown', retryable: true }

/** Words that say more than the HTTP status that they come with. */
const byWord = new Map<string, Verdict>([
  ['insufficient_quota', billing],
  ['billing_error', billing],
  ['billing_not_active', billing],
  ['billing_hard_limit_reached', billing],
  ['content_filter', filtered],
  ['content_policy_violation', filtered],
  // OpenAI's reasoning models: "your prompt was flagged as potentially violating our usage policy".
  ['invalid_prompt', filtered],
  ['context_length_exceeded', invalid],
  ['overloaded_error', overloaded],
  ['timeout_error', { kind: 'timeout', retryable: true }],
])

/** Things that have no word of their own, only a sentence. */
const byMessage: readonly (readonly [RegExp, Verdict])[] = [
  [/credit balance is too low/i, billing],
  [/blocked by content filtering policy/i, filtered],
  // OpenAI sends 429 for a request that exceeds the whole limit per minute: it never fits.
  [/^Request too large for /, invalid],
]

/** Words of errors inside a stream, which have no status, as the status that they mean. */
const statusOfWord = new Map<string, number>([
  ['invalid_request_error', 400],
  ['BadRequestError', 400],
  ['authentication_error', 401],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['model_not_found', 404],
  ['rate_limit_error', 429],
  ['rate_limit_exceeded', 429],
  ['server_overloaded', 503],
])

function byStatus(status: number): Verdict {
  if (status === 401 || status === 403) return { kind: 'auth', retryable: false }
  if (status === 402) return billing
  if (status === 408 || status === 504) return { kind: 'timeout', retryable: true }
  if (status === 409) return unclear
  if (status === 429) return { kind: 'rate-limited', retryable: true }
  if (status === 503 || status === 529) return overloaded
  return status >= 500 ? unclear : invalid
}

function classify({ status, words, message }: ApiErrorFacts): Verdict {
  const known = words.filter((word) => typeof word === 'string')
  for (const word of known) {
    const verdict = byWord.get(word)
    if (verdict) return verdict
  }
  const matched = byMessage.find(([pattern]) => pattern.test(message))
  if (matched) return matched[1]
  if (status !== null) return byStatus(status)
  const meant = known.map((word) => statusOfWord.get(word)).find((found) => found !== undefined)
  return meant === undefined ? unclear : byStatus(meant)
}

/** An error that the provider reported as our error, with the wait that it asked for. */
export function fromApiError(facts: ApiErrorFacts): ProviderError {
  const { status, headers, requestId } = facts
  const { kind, retryable, hint } = classify(facts)
  // Newer models of both vendors refuse any temperature but their own.
  const temperatureHint =
    kind === 'invalid-request' && /temperature/i.test(facts.message)
      ? 'Leave the temperature unset for this model.'
      : undefined
  const message = [tidyMessage(facts.message, status), hint ?? temperatureHint].filter(Boolean).join(' ')
  return failure(kind, message, {
    // Both SDKs obey this header, so the vendors mean it.
    retryable: retryable && headers?.get('x-should-retry') !== 'false',
    httpStatus: status,
    providerRequestId: requestId,
    retryAfterMs: headers ? parseRetryAfterMs(headers, Date.now()) : null,
  })
}

function tidyMessage(message: string, status: number | null): string {
  const text = message.replaceAll(/\s+/g, ' ').trim()
  const prefix = status === null ? 'The provider reported an error' : `HTTP ${status}`
  if (text === '') return `${prefix} without a message.`
  // Gateways answer with a page.
  if (text.startsWith('<')) return `${prefix} with a page instead of an answer.`
  return text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text
}

/** A stream that ended before the provider said that it was done. What came is not an answer. */
export function cutStream(response: Response, requestId: string | null, chunks: number): ProviderError {
  const type = response.headers.get('content-type')
  if (chunks === 0 && type !== null && !type.includes('event-stream'))
    return failure('unknown', `The server answered with ${type} instead of an event stream. Is the base URL right?`, {
      retryable: false,
      httpStatus: response.status,
      providerRequestId: requestId,
    })
  return failure('connection', 'The stream ended before the answer was complete.', {
    retryable: true,
    providerRequestId: requestId,
  })
}

/** An end of an answer that is none of the known ones, such as a gateway's `error`. */
export function unknownFinish(reason: string, requestId: string | null): ProviderError {
  return failure('unknown', `The provider ended the answer with the reason "${reason}".`, {
    retryable: true,
    providerRequestId: requestId,
  })
}

/** Shorter ones are stand-ins for servers that want no key (`none`, `ollama`, `x`) and stand in any message. */
const shortestSecret = 8

/** A text with the key taken out. To be done before the text is cut: half a key is too much as well. */
export function hideKey(text: string, key: string | null): string {
  const isSecret = key !== null && (key.length >= shortestSecret || key.startsWith('sk-'))
  return (isSecret ? text.replaceAll(key, '[key]') : text).replaceAll(/\bsk-[\w*-]{8,}/g, '[key]')
}

/** The same error, with the key taken out of its message: servers echo what they were sent. */
export function withoutKey(error: ProviderError, key: string | null): ProviderError {
  const message = hideKey(error.failure.message, key)
  if (message === error.failure.message) return error
  return new ProviderError({ ...error.failure, message }, error.retryAfterMs)
}

/**
 * What a body says for people, in the places where vendors, Ollama (`error`) and FastAPI (`detail`) put it.
 * @param error the body, or the part of it that the SDK took for the error
 * @returns null where there is nothing to read; then the text of the SDK has to do
 */
export function readableMessage(error: unknown, depth = 0): string | null {
  if (typeof error === 'string') return error
  if (depth > deepestMessage) return null
  if (Array.isArray(error)) {
    const parts = error.map((part) => readableMessage(part, depth + 1)).filter((part) => part !== null)
    return parts.length === 0 ? null : parts.join('; ')
  }
  if (typeof error !== 'object' || error === null) return null
  for (const name of ['message', 'msg', 'detail', 'error']) {
    const text = readableMessage((error as Record<string, unknown>)[name], depth + 1)
    if (text !== null) return text
  }
  return null
}
