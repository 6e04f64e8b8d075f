import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/domain/ports.ts'
import { Budget } from '../../src/domain/scheduler/budget.ts'
import { Pacer } from '../../src/domain/scheduler/pacer.ts'
import { retryDelayMs } from '../../src/domain/scheduler/retry-policy.ts'

/** Time that only moves when somebody sleeps. */
function makeClock(): Clock & { slept: number[] } {
  let nowMs = 0
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      slept.push(ms)
      nowMs += ms
      return Promise.resolve()
    },
  }
}

describe('the wait before the next attempt', () => {
  const random = fc.double({ min: 0, max: 0.999, noNaN: true })

  it('is between 0 and the doubled base, at most a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), random, (attempt, chance) => {
        const delay = retryDelayMs(attempt, 31, null, () => chance)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(Math.min(60_000, 500 * 2 ** (attempt - 1)))
      }),
    )
  })

  it('is never shorter than what the provider asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), random, (asked, chance) => {
        expect(retryDelayMs(1, 5, asked, () => chance)).toBeGreaterThanOrEqual(asked)
      }),
    )
  })

  it('is none after the last attempt, and none when the provider asks for more than five minutes', () => {
    expect(retryDelayMs(5, 5, null, () => 0)).toBeNull()
    expect(retryDelayMs(1, 5, 300_001, () => 0)).toBeNull()
  })
})

describe('the pacer', () => {
  const none = { remainingRequests: null, remainingTokens: null, nextCallAfterMs: null }

  it('admits at once while nothing is known', async () => {
    const clock = makeClock()
    await new Pacer(clock).admit(new AbortController().signal)
    expect(clock.slept).toEqual([])
  })

  it('holds calls back for as long as a refusal asked, the longest one counting', async () => {
    const clock = makeClock()
    const pacer = new Pacer(clock)
    pacer.refused(3000)
    pacer.refused(1000)
    await pacer.admit(new AbortController().signal)
    expect(clock.monotonicMs()).toBe(3000)
  })

  it('holds calls back when the headers say that nothing is left', async () => {
    const clock = makeClock()
    const pacer = new Pacer(clock)
    pacer.observe({ ...none, remainingRequests: 5, nextCallAfterMs: 9000 })
    await pacer.admit(new AbortController().signal)
    pacer.observe({ ...none, remainingTokens: 0, nextCallAfterMs: 700 })
    await pacer.admit(new AbortController().signal)
    expect(clock.monotonicMs()).toBe(700)
  })
})

describe('the pacer after a refusal', () => {
  const { signal } = new AbortController()
  const exhausted = { remainingRequests: 0, remainingTokens: null, nextCallAfterMs: 2000 }
  const room = { remainingRequests: 9, remainingTokens: null, nextCallAfterMs: null }

  it('lets those who waited go one by one', async () => {
    const clock = makeClock()
    const pacer = new Pacer(clock)
    pacer.observe(exhausted)
    const admittedAt: number[] = []
    for (let call = 0; call < 4; call++) {
      await pacer.admit(signal)
      admittedAt.push(clock.monotonicMs())
    }
    expect(admittedAt).toEqual([2000, 4000, 6000, 8000])
  })

  it('comes back to full speed as calls go well', async () => {
    const clock = makeClock()
    const pacer = new Pacer(clock)
    pacer.observe(exhausted)
    await pacer.admit(signal)
    for (let call = 0; call < 100; call++) pacer.observe(room)
    await pacer.admit(signal)
    const beforeMs = clock.monotonicMs()
    await pacer.admit(signal)
    expect(clock.monotonicMs()).toBe(beforeMs)
  })
})

describe('a budget', () => {
  it('refuses a call that could pass the cap with nothing else out', async () => {
    const budget = new Budget(100, 90)
    expect(await budget.reserve(11)).toBe(false)
    expect(await budget.reserve(10)).toBe(true)
  })

  it('waits for calls that are out, since they may cost less than reserved', async () => {
    const budget = new Budget(100, 0)
    expect(await budget.reserve(80)).toBe(true)
    const second = budget.reserve(50)
    budget.settle(80, 10)
    expect(await second).toBe(true)
    expect(budget.spentMicros).toBe(10)
  })

  it('lets waiting calls go when the cap is raised, and knows no cap when there is none', async () => {
    const budget = new Budget(10, 0)
    expect(await budget.reserve(10)).toBe(true)
    const second = budget.reserve(10)
    budget.setCap(20)
    expect(await second).toBe(true)
    expect(await new Budget(null, 1e12).reserve(1e12)).toBe(true)
  })

  it('never has more spent and reserved than the cap, whatever the order of calls', async () => {
    const call = fc.record({
      worst: fc.integer({ min: 1, max: 50 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 30 }), fc.integer({ min: 1, max: 200 }), async (calls, cap) => {
        const budget = new Budget(cap, 0)
        await Promise.all(
          calls.map(async ({ worst, share }) => {
            if (!(await budget.reserve(worst))) return
            expect(budget.spentMicros + budget.reservedMicros).toBeLessThanOrEqual(cap)
            await Promise.resolve()
            budget.settle(worst, Math.floor(worst * share))
          }),
        )
        expect(budget.reservedMicros).toBe(0)
        expect(budget.spentMicros).toBeLessThanOrEqual(cap)
      }),
    )
  })
})
