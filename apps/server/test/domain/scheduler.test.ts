import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../src/domain/scheduler/budget.ts'
import { retryDelayMs } from '../../src/domain/scheduler/retry-policy.ts'

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
