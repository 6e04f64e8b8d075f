import type { RateLimitState } from '@proctor/schema'

/**
 * How long the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date.
 * @param nowMs Unix time, for dates where the answer has none of its own
 */
export function parseRetryAfterMs(headers: Headers, nowMs: number): number | null {
  const milliseconds = toNumber(headers.get('retry-after-ms'))
  if (milliseconds !== null) return milliseconds
  const value = headers.get('retry-after')
  if (value === null) return null
  const seconds = toNumber(value)
  if (seconds !== null) return Math.round(seconds * 1000)
  // Date.parse alone takes "-5" for a year.
  return /^[A-Z][a-z]+,? .*GMT$/.test(value) ? msUntil(value, headers, nowMs) : null
}

/** OpenAI: `x-ratelimit-remaining-requests`, `-reset-requests: 6m0s`, the same for tokens. */
export function parseOpenAiRateLimit(headers: Headers): RateLimitState {
  return toState(headers, ['requests'], ['tokens'], {
    remaining: (name) => `x-ratelimit-remaining-${name}`,
    limit: (name) => `x-ratelimit-limit-${name}`,
    resetMs: (name) => parseDurationMs(headers.get(`x-ratelimit-reset-${name}`)),
  })
}

/** Anthropic: `anthropic-ratelimit-requests-remaining`, `-reset` as an RFC 3339 time; tokens in three kinds. */
export function parseAnthropicRateLimit(headers: Headers, nowMs: number): RateLimitState {
  return toState(headers, ['requests'], ['tokens', 'input-tokens', 'output-tokens'], {
    remaining: (name) => `anthropic-ratelimit-${name}-remaining`,
    limit: (name) => `anthropic-ratelimit-${name}-limit`,
    resetMs: (name) => {
      const time = headers.get(`anthropic-ratelimit-${name}-reset`) ?? ''
      // Date.parse alone takes "soon 5" for a day in May.
      return /^\d{4}-\d\d-\d\dT/.test(time) ? msUntil(time, headers, nowMs) : null
    },
  })
}

/** What a call takes of a token allowance, for want of anything better. */
const tokensPerCall = 1000

interface HeaderReader {
  remaining: (name: string) => string
  limit: (name: string) => string
  resetMs: (name: string) => number | null
}

/**
 * The tightest allowance of each sort, and the longest wait among those that are used up. Both vendors
 * name the time until the allowance is full again; it refills evenly, so one call has room much earlier.
 */
function toState(headers: Headers, requests: string[], tokens: string[], read: HeaderReader): RateLimitState {
  let nextCallAfterMs: number | null = null
  const tightest = (names: string[], perCall: number): Tightest => {
    const least: Tightest = { remaining: null, perMinute: null }
    for (const name of names) {
      const remaining = toNumber(headers.get(read.remaining(name)))
      if (remaining === null) continue
      const resetMs = read.resetMs(name)
      const limit = toNumber(headers.get(read.limit(name)))
      if (least.remaining === null || remaining < least.remaining) {
        least.remaining = remaining
        least.perMinute = perMinute(limit, remaining, resetMs)
      }
      if (remaining > 0 || resetMs === null) continue
      const share = limit === null || limit === 0 ? 1 : Math.min(1, perCall / limit)
      nextCallAfterMs = Math.max(nextCallAfterMs ?? 0, Math.ceil(resetMs * share))
    }
    return least
  }
  const ofRequests = tightest(requests, 1)
  const ofTokens = tightest(tokens, tokensPerCall)
  return {
    remainingRequests: ofRequests.remaining,
    remainingTokens: ofTokens.remaining,
    requestsPerMinute: ofRequests.perMinute,
    tokensPerMinute: ofTokens.perMinute,
    nextCallAfterMs,
  }
}

interface Tightest {
  remaining: number | null
  perMinute: number | null
}

/** Limits are by the minute as a rule; OpenAI's smallest accounts have limits by the day, which only the reset tells. */
function perMinute(limit: number | null, remaining: number, resetMs: number | null): number | null {
  if (limit === null || limit === 0) return null
  if (resetMs === null || resetMs === 0 || remaining >= limit) return limit
  return Math.min(limit, ((limit - remaining) * 60_000) / resetMs)
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

/** Until a moment, by the provider's own clock where it tells it: ours may be wrong by more than the wait. */
function msUntil(time: string, headers: Headers, nowMs: number): number | null {
  const untilMs = Date.parse(time)
  if (Number.isNaN(untilMs)) return null
  const theirNowMs = Date.parse(headers.get('date') ?? '')
  return Math.max(0, untilMs - (Number.isNaN(theirNowMs) ? nowMs : theirNowMs))
}

function toNumber(text: string | null): number | null {
  if (text === null || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : null
}
