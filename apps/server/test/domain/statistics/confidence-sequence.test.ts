import { describe, expect, it } from 'vitest'
import {
  createBettingSequence,
  createEmpiricalBernstein,
  createRandom,
  type ConfidenceSequence,
  type Outcome,
  type SequenceOptions,
  type SequenceState,
} from '../../../src/domain/statistics/index.ts'
import { checkCase, referenceCases } from './reference.ts'

interface Given extends SequenceOptions {
  values: number[]
  times: number[]
}

const makers = {
  bernstein: createEmpiricalBernstein,
  betting: (options: SequenceOptions) => createBettingSequence({ ...options, gridSteps: 200 }),
}

function start(made: Outcome<{ sequence: ConfidenceSequence }>): ConfidenceSequence {
  if (!made.ok) throw new Error(made.reason)
  return made.sequence
}

function follow(sequence: ConfidenceSequence, values: readonly number[]): SequenceState[] {
  return values.map((value) => {
    expect(sequence.add(value)).toBeNull()
    return sequence.state()
  })
}

const intervalsAt =
  (create: (options: SequenceOptions) => Outcome<{ sequence: ConfidenceSequence }>) => (given: Given) => {
    const { values, times, ...options } = given
    const states = follow(start(create(options)), values)
    return times.map((time) => states[time - 1]?.interval)
  }

const methods = { bernstein: intervalsAt(makers.bernstein), betting: intervalsAt(makers.betting) }

describe('confidence sequences, beside the formulas of the paper', () => {
  it.each(referenceCases<Given>('sequences'))('$method: $name', (reference) => checkCase(methods, reference))
})

describe.each(Object.entries(makers))('the %s sequence', (_, create) => {
  it('holds the mean at every look, in nearly all of 200 seeded runs', () => {
    let missed = 0
    for (let seed = 1; seed <= 200; seed++) {
      const random = createRandom(seed)
      const values = Array.from({ length: 300 }, () => (random() < 0.2 ? 10 : 5 + Math.floor(4 * random())))
      const states = follow(start(create({ lower: 1, upper: 10, confidence: 0.9 })), values)
      if (states.some(({ interval }) => interval.lower > 7.2 || interval.upper < 7.2)) missed += 1
    }
    // At most 10% may miss; the seeds are fixed, so this is no gamble.
    expect(missed).toBeLessThanOrEqual(20)
  })

  it('is as wide as the bounds before the first observation, and never grows', () => {
    const sequence = start(create({ lower: -9, upper: 9 }))
    expect(sequence.state()).toEqual({
      observations: 0,
      mean: null,
      interval: { lower: -9, upper: 9, confidence: 0.95 },
      warnings: [],
    })
    const random = createRandom(4)
    let before = sequence.state().interval
    for (let step = 0; step < 500; step++) {
      sequence.add(Math.floor(19 * random()) - 9)
      const { interval } = sequence.state()
      expect(interval.lower).toBeGreaterThanOrEqual(before.lower)
      expect(interval.upper).toBeLessThanOrEqual(before.upper)
      before = interval
    }
  })

  it('closes to the mean of the suite with its last case, and takes no more', () => {
    const values = [3, 9, 10, 4, 7, 7, 8]
    const sequence = start(create({ lower: 1, upper: 10, populationSize: values.length }))
    const last = follow(sequence, values).at(-1)
    expect(last?.mean).toBeCloseTo(48 / 7, 12)
    expect(last?.interval.lower).toBeCloseTo(48 / 7, 9)
    expect(last?.interval.upper).toBeCloseTo(48 / 7, 9)
    expect(sequence.add(5)).toMatchObject({ reason: 'bad-argument', argument: 'populationSize' })
  })

  it('refuses a score outside the bounds and goes on as if nothing had been', () => {
    const sequence = start(create({ lower: 1, upper: 10 }))
    sequence.add(7)
    const before = sequence.state()
    expect(sequence.add(0)).toEqual({ ok: false, reason: 'out-of-bounds', index: 1, value: 0, lower: 1, upper: 10 })
    expect(sequence.add(Number.NaN)).toEqual({ ok: false, reason: 'not-finite', index: 1 })
    expect(sequence.state()).toEqual(before)
  })

  it('says so when the mean moves away from what was certain', () => {
    const sequence = start(create({ lower: 0, upper: 1 }))
    for (let step = 0; step < 2000; step++) sequence.add(0)
    for (let step = 0; step < 20_000; step++) sequence.add(1)
    const { interval, warnings } = sequence.state()
    expect(warnings).toEqual([{ code: 'empty-sequence' }])
    expect(interval.lower).toBeLessThanOrEqual(interval.upper)
  })

  it('refuses options that make no sense', () => {
    expect(create({ lower: 2, upper: 1 })).toMatchObject({ ok: false, argument: 'upper' })
    expect(create({ lower: 0, upper: 1, confidence: 1 })).toMatchObject({ ok: false, argument: 'confidence' })
    expect(create({ lower: 0, upper: 1, populationSize: 0 })).toMatchObject({ ok: false, argument: 'populationSize' })
  })
})

it('betting is narrower than empirical Bernstein', () => {
  const random = createRandom(8)
  const values = Array.from({ length: 500 }, () => 6 + Math.floor(4 * random()))
  const widths = [createEmpiricalBernstein, createBettingSequence].map((create) => {
    const interval = follow(start(create({ lower: 1, upper: 10 })), values).at(-1)?.interval
    return interval ? interval.upper - interval.lower : null
  })
  expect(widths[1]).toBeLessThan((widths[0] ?? 0) * 0.9)
})
