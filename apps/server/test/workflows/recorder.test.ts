import { describe, expect, it } from 'vitest'
import { LeaseLostError } from '../../src/domain/errors.ts'
import type { Clock } from '../../src/domain/ports.ts'
import type { Outcome } from '../../src/domain/run-ports.ts'
import { Recorder } from '../../src/workflows/run-batch/recorder.ts'

/** Time that only moves when somebody sleeps. */
function makeClock(): Clock {
  let nowMs = 0
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
      await new Promise((resolve) => setTimeout(resolve, 0))
    },
  }
}

const outcome = (index: number): Outcome => ({ type: 'started', itemId: `i${index}` })
const idsOf = (group: readonly Outcome[]) => group.map((entry) => entry.itemId)

describe('the recorder', () => {
  it('writes groups of bounded size, one at a time, in the order of arrival', async () => {
    const groups: Outcome[][] = []
    let writing = 0
    const recorder = new Recorder(async (group) => {
      writing += 1
      expect(writing).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1))
      groups.push(group)
      writing -= 1
    }, makeClock())
    await Promise.all(Array.from({ length: 200 }, (_, index) => recorder.record(outcome(index))))
    expect(groups.every((group) => group.length <= 64)).toBe(true)
    expect(groups.length).toBeLessThan(10)
    expect(groups.flatMap(idsOf)).toEqual(Array.from({ length: 200 }, (_, index) => `i${index}`))
  })

  it('acknowledges only what is written', async () => {
    const release = Promise.withResolvers<void>()
    const recorder = new Recorder(() => release.promise, makeClock())
    let isAcknowledged = false
    const recorded = recorder.record(outcome(1)).then(() => (isAcknowledged = true))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isAcknowledged).toBe(false)
    release.resolve()
    await recorded
    expect(isAcknowledged).toBe(true)
  })

  it('writes again while the database is away, and nothing gets lost or out of order', async () => {
    let failures = 5
    const written: (string | null)[] = []
    const recorder = new Recorder((group) => {
      if (failures-- > 0) return Promise.reject(new Error('connection refused'))
      written.push(...idsOf(group))
      return Promise.resolve()
    }, makeClock())
    await Promise.all([recorder.record(outcome(1)), recorder.record(outcome(2))])
    expect(written).toEqual(['i1', 'i2'])
  })

  it('gives up after a minute, and at once when the lease is lost', async () => {
    const away = new Recorder(() => Promise.reject(new Error('away')), makeClock())
    await expect(away.record(outcome(1))).rejects.toThrow('away')
    let tries = 0
    const taken = new Recorder(() => {
      tries += 1
      return Promise.reject(new LeaseLostError('r'))
    }, makeClock())
    await expect(taken.record(outcome(1))).rejects.toBeInstanceOf(LeaseLostError)
    expect(tries).toBe(1)
  })

  it('flushes what was recorded before', async () => {
    const written: (string | null)[] = []
    const recorder = new Recorder((group) => {
      written.push(...idsOf(group))
      return Promise.resolve()
    }, makeClock())
    void recorder.record(outcome(1))
    await recorder.flush()
    expect(written).toEqual(['i1'])
  })
})
