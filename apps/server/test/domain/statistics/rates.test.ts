import { describe, expect, it } from 'vitest'
import {
  adjustBenjaminiHochberg,
  adjustHolm,
  comparePairedRates,
  compareQuantiles,
  compareRates,
  countPairs,
  createRandom,
  pairedRatio,
  passRate,
  testMcNemar,
  type PairedCounts,
} from '../../../src/domain/statistics/index.ts'
import { checkCase, referenceCases } from './reference.ts'

interface Counts {
  successes: number
  n: number
}

interface Given {
  successes: number
  n: number
  confidence: number
  onlyBaseline: number
  onlyCandidate: number
  counts: PairedCounts
  baseline: Counts & number[]
  candidate: Counts & number[]
  options: { share: number; design: 'paired'; seed: number; resamples: number }
}

const methods: Record<string, (given: Given) => unknown> = {
  passRate: ({ successes, n, confidence }) => passRate(successes, n, confidence),
  compareRates: ({ baseline, candidate }) => compareRates(baseline, candidate),
  testMcNemar: ({ onlyBaseline, onlyCandidate }) => testMcNemar(onlyBaseline, onlyCandidate),
  comparePairedRates: ({ counts, confidence }) => comparePairedRates(counts, confidence),
  pairedRatio: ({ baseline, candidate }) => pairedRatio(baseline, candidate),
  compareQuantiles: ({ baseline, candidate, options: { seed, ...options } }) =>
    compareQuantiles(baseline, candidate, { ...options, random: createRandom(seed) }),
  adjustHolm: (pValues) => adjustHolm(pValues as unknown as number[]),
  adjustBenjaminiHochberg: (pValues) => adjustBenjaminiHochberg(pValues as unknown as number[]),
}

describe('rates, ratios and adjusted p-values, beside statsmodels, scipy and R', () => {
  it.each(referenceCases<Given>('rates'))('$method: $name', (reference) => checkCase(methods, reference))
})

describe('rates', () => {
  it.each([
    { counts: { both: 14, onlyBaseline: 0, onlyCandidate: 5, neither: 22 }, interval: [0.011, 0.226] },
    { counts: { both: 36, onlyBaseline: 2, onlyCandidate: 12, neither: 0 }, interval: [0.0569, 0.3404] },
  ])(
    'agree with the printed examples of a paired interval: $interval',
    ({ counts, interval: [lower = 0, upper = 0] }) => {
      const answer = comparePairedRates(counts)
      if (!answer.ok) throw new Error(answer.reason)
      expect(answer.interval.lower).toBeCloseTo(lower, 3)
      expect(answer.interval.upper).toBeCloseTo(upper, 3)
    },
  )

  it('count pairs of passes', () => {
    expect(countPairs([1, 1, 0, 0, 1], [1, 0, 1, 0, 1])).toEqual({
      ok: true,
      both: 2,
      onlyBaseline: 1,
      onlyCandidate: 1,
      neither: 1,
    })
  })

  it('say what is wrong with impossible counts', () => {
    expect(passRate(0, 0)).toEqual({ ok: false, reason: 'not-enough-data', have: 0, need: 1 })
    expect(passRate(5, 4)).toMatchObject({ ok: false, reason: 'bad-argument', argument: 'successes' })
    expect(passRate(1.5, 4)).toMatchObject({ ok: false, reason: 'bad-argument', argument: 'successes' })
    expect(testMcNemar(-1, 4)).toMatchObject({ ok: false, argument: 'onlyBaseline' })
    expect(testMcNemar(0, 0)).toEqual({ ok: true, discordant: 0, exactP: 1, midP: 1, warnings: [{ code: 'all-ties' }] })
  })
})

describe('ratios', () => {
  it('leave out what has no logarithm, and say how many', () => {
    const answer = pairedRatio([100, 0, 200, 50], [200, 10, 400, 100])
    expect(answer).toMatchObject({ ok: true, pairs: 3, interval: null, pValue: null })
    if (!answer.ok) return
    expect(answer.ratio).toBeCloseTo(2, 12)
    expect(answer.warnings).toContainEqual({ code: 'non-positive-values', dropped: 1 })
    expect(answer.warnings).toContainEqual({ code: 'zero-variance' })
  })

  it('flag a quantile that few values lie beyond', () => {
    const values = Array.from({ length: 40 }, (_, index) => index)
    const options = { share: 0.95, design: 'paired' as const, random: createRandom(1), resamples: 100 }
    const answer = compareQuantiles(values, values, options)
    expect(answer).toMatchObject({ difference: 0, interval: { lower: 0, upper: 0 } })
    expect(answer).toMatchObject({ warnings: [{ code: 'extreme-quantile', beyond: 2, recommended: 10 }] })
  })
})

describe('adjusted p-values', () => {
  it('leave out tests that were not made, and refuse what is no probability', () => {
    expect(adjustHolm([0.01, null, 0.04])).toEqual({ ok: true, adjusted: [0.02, null, 0.04], tests: 2 })
    expect(adjustBenjaminiHochberg([])).toEqual({ ok: true, adjusted: [], tests: 0 })
    expect(adjustHolm([0.5, Number.NaN])).toMatchObject({ ok: false, argument: 'pValues' })
  })
})
