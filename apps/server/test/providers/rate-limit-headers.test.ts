import { describe, expect, it } from 'vitest'
import {
  parseAnthropicRateLimit,
  parseDurationMs,
  parseOpenAiRateLimit,
  parseRetryAfterMs,
} from '../../src/providers/rate-limit-headers.ts'

const nowMs = Date.UTC(2026, 10, 23, 10)

describe('durations', () => {
  it.each([
    ['6m0s', 360_000],
    ['17ms', 17],
    ['1h2m3.5s', 3_723_500],
    ['0s', 0],
    ['1d', 86_400_000],
    ['2m59.56s', 179_560],
    ['', null],
    [null, null],
    ['soon', null],
    ['-5s', null],
    ['5', null],
    ['5 s', null],
    ['1h2', null],
    ['s', null],
  ])('%j is %j ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms)
  })
})

describe('the wait that is asked for', () => {
  it.each<[Record<string, string>, number | null]>([
    [{ 'retry-after-ms': '120', 'retry-after': '9' }, 120],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:07 GMT', date: 'Mon, 23 Nov 2026 10:00:05 GMT' }, 2000],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'in 5' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{ 'retry-after': '' }, null],
    [{}, null],
  ])('%j is %j ms', (headers, ms) => {
    expect(parseRetryAfterMs(new Headers(headers), nowMs)).toBe(ms)
  })
})

describe('the room left', () => {
  it.each<[string, Record<string, string>, (number | null)[]]>([
    ['nothing said', {}, [null, null, null]],
    ['room in both', { 'remaining-requests': '9', 'remaining-tokens': '800', 'reset-requests': '1s' }, [9, 800, null]],
    [
      'no requests',
      { 'remaining-requests': '0', 'remaining-tokens': '800', 'reset-requests': '6m0s' },
      [0, 800, 360_000],
    ],
    [
      'neither',
      { 'remaining-requests': '0', 'remaining-tokens': '0', 'reset-requests': '17ms', 'reset-tokens': '2s' },
      [0, 0, 2000],
    ],
    [
      'no requests of a known limit',
      { 'limit-requests': '500', 'remaining-requests': '0', 'reset-requests': '1m0s' },
      [0, null, 120],
    ],
    [
      'no tokens of a known limit',
      { 'limit-tokens': '30000', 'remaining-tokens': '0', 'reset-tokens': '2s' },
      [null, 0, 67],
    ],
    [
      'no tokens of a limit below one call',
      { 'limit-tokens': '200', 'remaining-tokens': '0', 'reset-tokens': '2s' },
      [null, 0, 2000],
    ],
    [
      'a limit of nothing',
      { 'limit-requests': '0', 'remaining-requests': '0', 'reset-requests': '2s' },
      [0, null, 2000],
    ],
    ['garbage', { 'remaining-requests': 'many', 'remaining-tokens': '0', 'reset-tokens': 'soon 5' }, [null, 0, null]],
  ])('openai: %s', (_, named, [remainingRequests, remainingTokens, nextCallAfterMs]) => {
    const headers = Object.entries(named).map(([name, value]): [string, string] => [`x-ratelimit-${name}`, value])
    expect(parseOpenAiRateLimit(new Headers(headers))).toMatchObject({
      remainingRequests,
      remainingTokens,
      nextCallAfterMs,
    })
  })

  it.each([
    ['2026-11-23T10:00:30Z', 30_000],
    ['2026-11-23T11:00:30.500+01:00', 30_500],
    ['2026-11-23T09:59:00Z', 0],
    ['soon 5', null],
    ['30', null],
    ['2026-99-23T10:00:00Z', null],
  ])('anthropic: a reset at %j is %j ms away', (reset, nextCallAfterMs) => {
    const headers = new Headers({
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': reset,
    })
    const state = { remainingRequests: 0, remainingTokens: null, nextCallAfterMs }
    expect(parseAnthropicRateLimit(headers, nowMs)).toMatchObject(state)
  })

  it.each([
    ['by the minute, with much left', '600', '590', '1s', 600],
    ['by the day, as the smallest accounts have it', '10000', '9999', '8.64s', 60_000 / 8640],
    ['with nothing used yet', '600', '600', '0s', 600],
    ['that is none', '0', '0', '1s', null],
  ])('a limit %s: what it allows in the long run', (_, limit, remaining, reset, perMinute) => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': limit,
      'x-ratelimit-remaining-requests': remaining,
      'x-ratelimit-reset-requests': reset,
    })
    expect(parseOpenAiRateLimit(headers).requestsPerMinute).toBe(perMinute)
  })
})
