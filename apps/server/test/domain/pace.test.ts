import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cutPace,
  freePace,
  growPace,
  isPaced,
  isScarce,
  observeHeaders,
  takeSlots,
  type Pace,
} from '../../src/domain/scheduler/pace.ts'

const headers = {
  remainingRequests: null,
  remainingTokens: null,
  requestsPerMinute: null,
  tokensPerMinute: null,
  nextCallAfterMs: null,
}
const paced = (changes: Partial<Pace>): Pace => ({ ...freePace, ...changes })

describe('the shared pace', () => {
  it('lets everything through while nothing is known', () => {
    expect(isPaced(freePace, 1000)).toBe(false)
    expect(takeSlots(freePace, 1000, 3, 500).slotsMs).toEqual([1000, 1000, 1000])
  })

  it('spaces calls evenly, whoever asks and however many at a time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 9 }), passMs: fc.nat(400) }), { maxLength: 30 }),
        fc.integer({ min: 30, max: 6000 }),
        (askings, perMinute) => {
          let pace = paced({ requestsPerMinute: perMinute })
          let nowMs = 5000
          const all: number[] = []
          for (const { count, passMs } of askings) {
            nowMs += passMs
            const taken = takeSlots(pace, nowMs, count, 1)
            expect(taken.slotsMs[0]).toBeGreaterThanOrEqual(nowMs)
            pace = taken.pace
            all.push(...taken.slotsMs)
          }
          const gaps = all.slice(1).map((atMs, index) => atMs - (all[index] ?? 0))
          for (const gapMs of gaps) expect(gapMs).toBeGreaterThan(60_000 / perMinute - 1e-6)
        },
      ),
    )
  })

  it('keeps to tokens as well as to requests: the slower of the two counts', () => {
    const pace = paced({ requestsPerMinute: 600, tokensPerMinute: 60_000 })
    const { slotsMs } = takeSlots(pace, 0, 3, 500)
    expect(slotsMs).toEqual([0, 500, 1000])
  })

  it('holds everybody until the time that the provider asked for', () => {
    const pace = cutPace(freePace, 1000, 4000, 300)
    expect(isPaced(pace, 4999)).toBe(true)
    expect(takeSlots(pace, 1000, 1, 1).slotsMs).toEqual([5000])
  })

  it('keeps to an announced limit before it is met, and forgets it when there is much room', () => {
    const scarce = { ...headers, requestsPerMinute: 600, remainingRequests: 12 }
    expect(isScarce(scarce, 8)).toBe(true)
    const pace = observeHeaders(freePace, 0, scarce, 8)
    expect(pace.requestsPerMinute).toBeCloseTo(582)
    expect(observeHeaders(pace, 0, { ...scarce, remainingRequests: 400 }, 8).requestsPerMinute).toBeNull()
    expect(observeHeaders(pace, 0, { ...scarce, remainingRequests: 40 }, 8).requestsPerMinute).toBeCloseTo(582)
  })

  it('is cut once for all calls that were refused together, grows by and by, and is forgotten at last', () => {
    const once = cutPace(freePace, 10_000, 0, 1000)
    expect(once.requestsPerMinute).toBeCloseTo(700)
    expect(cutPace(once, 10_100, 0, 1000).requestsPerMinute).toBeCloseTo(700)
    expect(cutPace(once, 12_000, 0, 1000).requestsPerMinute).toBeCloseTo(490)
    const later = growPace(once, 20_000)
    expect(later.requestsPerMinute).toBeCloseTo(700 * 1.4)
    expect(growPace(later, 20_500)).toEqual(later)
    expect(growPace(later, 10_000 + 121_000).requestsPerMinute).toBeNull()
  })

  it('never falls to nothing, whatever is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 60 }), (waits) => {
        let pace = freePace
        let nowMs = 0
        for (const waitMs of waits) {
          nowMs += waitMs + 1001
          pace = cutPace(pace, nowMs, waitMs, 0)
          expect(pace.requestsPerMinute).toBeGreaterThanOrEqual(1)
        }
      }),
    )
  })
})
