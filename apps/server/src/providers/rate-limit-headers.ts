import type { RateLimitState } from '../domain/ports.ts'

/**
 * How long the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date.
 * @param nowMs Unix time, for dates
 */
export function parseRetryAfterMs(headers: Headers, nowMs: number): number | null {
  const milliseconds = toNumber(headers.get('retry-after-ms'))
  if (milliseconds !== null) return milliseconds
  const value = headers.get('retry-after')
  if (value === null) return null
  const seconds = toNumber(value)
  if (seconds !== null) return seconds * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}

/** OpenAI: `x-ratelimit-remaining-requests`, `-reset-requests: 6m0s`, the same for tokens. */
export function parseOpenAiRateLimit(headers: Headers): RateLimitState {
  const reset = (name: string) => parseDurationMs(headers.get(`x-ratelimit-reset-${name}`))
  return toState(headers, 'x-ratelimit-remaining-requests', 'x-ratelimit-remaining-tokens', reset)
}

/** Anthropic: `anthropic-ratelimit-requests-remaining`, `-reset` as an RFC 3339 time. */
export function parseAnthropicRateLimit(headers: Headers, nowMs: number): RateLimitState {
  const reset = (name: string) => {
    const time = Date.parse(headers.get(`anthropic-ratelimit-${name}-reset`) ?? '')
    return Number.isNaN(time) ? null : Math.max(0, time - nowMs)
  }
  return toState(headers, 'anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-tokens-remaining', reset)
}

function toState(
  headers: Headers,
  requestsName: string,
  tokensName: string,
  reset: (name: string) => number | null,
): RateLimitState {
  const remainingRequests = toNumber(headers.get(requestsName))
  const remainingTokens = toNumber(headers.get(tokensName))
  const waits = [remainingRequests === 0 ? reset('requests') : null, remainingTokens === 0 ? reset('tokens') : null]
  const known = waits.filter((wait) => wait !== null)
  return { remainingRequests, remainingTokens, resetAfterMs: known.length === 0 ? null : Math.max(...known) }
}

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `1h2m3.5s`, `17ms`, `6m0s` */
export function parseDurationMs(text: string | null): number | null {
  if (text === null || !/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return null
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0)
  return total
}

function toNumber(text: string | null): number | null {
  if (text === null || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : null
}
