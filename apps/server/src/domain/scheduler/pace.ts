import type { RateLimitState } from '@proctor/schema'

/**
 * The pace at which all processes together call one model, as it is shared between them. Pure: the store
 * applies these functions under the row's lock. Times are the database's, in ms since 1970.
 *
 * Requests and tokens are paced by the generic cell rate algorithm (ITU-T I.371): each call moves a due
 * time on by its share of a minute, and may go when its due time has come.
 */
export interface Pace {
  /** Calls a minute that are let through; null while the provider has room. */
  requestsPerMinute: number | null
  tokensPerMinute: number | null
  nextRequestAtMs: number
  nextTokensAtMs: number
  /** No call before this: the provider asked for it. */
  blockedUntilMs: number
  /** When the pace was last cut for a refusal; it grows from then on. */
  cutAtMs: number
  grownAtMs: number
}

export const freePace: Pace = {
  requestsPerMinute: null,
  tokensPerMinute: null,
  nextRequestAtMs: 0,
  nextTokensAtMs: 0,
  blockedUntilMs: 0,
  cutAtMs: 0,
  grownAtMs: 0,
}

const minuteMs = 60_000
/** A little below what the provider announces, since calls do not arrive evenly. */
const ofAnnounced = 0.97
const cutTo = 0.7
/** Of the present pace, for each second without a refusal. */
const growthPerSecond = 0.04
/** Calls that were out together are refused together: that is one sign, not many. */
const oneSignMs = 1000
/** After so long without a refusal a pace that nobody announced is given up. */
const forgetAfterMs = 120_000

export function isPaced(pace: Pace, nowMs: number): boolean {
  return pace.requestsPerMinute !== null || pace.tokensPerMinute !== null || pace.blockedUntilMs > nowMs
}

/**
 * Takes slots for calls.
 * @param tokensPerCall what a call is expected to use
 * @returns the times at which they may go, in order
 */
export function takeSlots(
  pace: Pace,
  nowMs: number,
  count: number,
  tokensPerCall: number,
): { pace: Pace; slotsMs: number[] } {
  let { nextRequestAtMs, nextTokensAtMs } = pace
  const slotsMs = Array.from({ length: count }, () => {
    const atMs = Math.max(nowMs, nextRequestAtMs, nextTokensAtMs, pace.blockedUntilMs)
    if (pace.requestsPerMinute !== null) nextRequestAtMs = atMs + minuteMs / pace.requestsPerMinute
    if (pace.tokensPerMinute !== null) nextTokensAtMs = atMs + (tokensPerCall * minuteMs) / pace.tokensPerMinute
    return atMs
  })
  return { pace: { ...pace, nextRequestAtMs, nextTokensAtMs }, slotsMs }
}

/**
 * Whether an announced limit is about to be met: another round of the calls that could go would take what is left.
 * @param demand calls that could go at once
 */
export function isScarce(headers: RateLimitState, demand: number): boolean {
  const { requestsPerMinute, tokensPerMinute, remainingRequests, remainingTokens } = headers
  const fewRequests = requestsPerMinute !== null && remainingRequests !== null && remainingRequests <= 2 * demand
  const fewTokens = tokensPerMinute !== null && remainingTokens !== null && remainingTokens <= tokensPerMinute / 10
  return fewRequests || fewTokens
}

/**
 * What an answer's headers mean for the pace: announced limits are kept to once the room gets scarce,
 * before a call is refused.
 * @param demand calls that could go at once
 */
export function observeHeaders(pace: Pace, nowMs: number, headers: RateLimitState, demand: number): Pace {
  const { requestsPerMinute, tokensPerMinute, remainingRequests, remainingTokens, nextCallAfterMs } = headers
  const next = { ...pace }
  if (requestsPerMinute !== null && remainingRequests !== null) {
    if (remainingRequests <= 2 * demand) next.requestsPerMinute = requestsPerMinute * ofAnnounced
    else if (remainingRequests > 8 * demand) next.requestsPerMinute = null
  }
  if (tokensPerMinute !== null && remainingTokens !== null) {
    if (remainingTokens <= tokensPerMinute / 10) next.tokensPerMinute = tokensPerMinute * ofAnnounced
    else if (remainingTokens > tokensPerMinute / 2) next.tokensPerMinute = null
  }
  if ((remainingRequests === 0 || remainingTokens === 0) && nextCallAfterMs !== null)
    next.blockedUntilMs = Math.max(next.blockedUntilMs, nowMs + nextCallAfterMs)
  return next
}

/**
 * A call was refused for want of room: multiplicative decrease, once for all calls that were out together
 * (Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989).
 * @param retryAfterMs how long the provider asked to wait; 0 where it did not say
 * @param seenPerMinute the calls a minute that went well before the refusal
 */
export function cutPace(pace: Pace, nowMs: number, retryAfterMs: number, seenPerMinute: number): Pace {
  const blockedUntilMs = Math.max(pace.blockedUntilMs, nowMs + retryAfterMs)
  if (nowMs - pace.cutAtMs < Math.max(oneSignMs, retryAfterMs)) return { ...pace, blockedUntilMs }
  const before = pace.requestsPerMinute ?? Math.max(seenPerMinute, 1)
  const requestsPerMinute = Math.max(before * cutTo, 1)
  return { ...pace, blockedUntilMs, requestsPerMinute, cutAtMs: nowMs, grownAtMs: nowMs }
}

/** A call went through: additive increase, and in the end no pace at all. */
export function growPace(pace: Pace, nowMs: number): Pace {
  if (pace.requestsPerMinute === null || pace.cutAtMs === 0) return pace
  if (nowMs - pace.cutAtMs > forgetAfterMs) return { ...pace, requestsPerMinute: null, cutAtMs: 0 }
  const seconds = (nowMs - pace.grownAtMs) / 1000
  if (seconds < 1) return pace
  return { ...pace, requestsPerMinute: pace.requestsPerMinute * (1 + growthPerSecond * seconds), grownAtMs: nowMs }
}
