import { describe, expect, it } from 'vitest'
import {
  averageByCase,
  bootstrapMean,
  compareCases,
  comparePaired,
  compareUnpairedMeans,
  createRandom,
  estimateMean,
  indexClusters,
  testRankSums,
  testSignedRanks,
} from '../../../src/domain/statistics/index.ts'
import { scorePairs } from './data.ts'

const side = (scores: Record<string, number | number[]>, groups?: Record<string, string>) => {
  const entries = Object.entries(scores).flatMap(([caseId, all]) =>
    [all].flat().map((score) => [caseId, score] as const),
  )
  return {
    caseIds: entries.map(([caseId]) => caseId),
    scores: entries.map(([, score]) => score),
    ...(groups && { groups: entries.map(([caseId]) => groups[caseId] ?? null) }),
  }
}

describe('the choice of a design', () => {
  it('pairs what both sides have, and counts what only one has', () => {
    const answer = compareCases(side({ a: 5, b: 6, c: 7, d: 1 }), side({ c: 9, b: 7, a: 8, e: 1, f: 2 }))
    expect(answer).toMatchObject({
      ok: true,
      design: 'paired',
      reason: { code: 'same-cases', shared: 3, shareOfSmaller: 0.75 },
      comparison: { pairs: 3, baselineMean: 6, candidateMean: 8, difference: { mean: 2 } },
      warnings: [{ code: 'unpaired-cases', onlyBaseline: 1, onlyCandidate: 2 }],
    })
  })

  it('averages repeats, so that they are not taken for cases', () => {
    const answer = compareCases(side({ a: [5, 7], b: 6, c: [1, 2, 3] }), side({ a: 8, b: [6, 8], c: 4 }))
    expect(answer).toMatchObject({ design: 'paired', comparison: { pairs: 3, difference: { n: 3, mean: 5 / 3 } } })
    expect(averageByCase(side({ a: [5, 7], b: 6 }))).toMatchObject({
      caseIds: ['a', 'b'],
      repeats: Int32Array.of(2, 1),
    })
  })

  it('clusters by group; cases without one stand for themselves', () => {
    const groups = { a: 'x', b: 'x', c: 'y' }
    const answer = compareCases(side({ a: 5, b: 6, c: 7, d: 5 }, groups), side({ a: 8, b: 8, c: 8, d: 8 }, groups))
    expect(answer).toMatchObject({
      comparison: { difference: { clusters: 3, warnings: [{}, { code: 'few-clusters' }] } },
    })
    expect(indexClusters(['x', null, 'x', 'y', null])).toEqual(Int32Array.of(0, 1, 0, 2, 3))
  })

  it('does not pair when little is shared, and says that the sides overlap', () => {
    const answer = compareCases(side({ a: 5, b: 6, c: 7, d: 4 }), side({ a: 9, f: 7, g: 8, h: 6 }))
    expect(answer).toMatchObject({
      design: 'unpaired',
      reason: { code: 'too-few-shared-cases', shared: 1, shareOfSmaller: 0.25, needed: 2 },
      comparison: { means: { meanDifference: 2 }, rankSums: { nBaseline: 4, nCandidate: 4 } },
      warnings: [{ code: 'overlapping-cases', shared: 1 }],
    })
  })

  it('does not pair a single case', () => {
    expect(compareCases(side({ a: 5 }), side({ a: 6 }))).toMatchObject({ design: 'unpaired', reason: { shared: 1 } })
  })

  it('says what is missing', () => {
    expect(compareCases(side({}), side({ a: 1 }))).toEqual({ ok: false, reason: 'not-enough-data', have: 0, need: 1 })
    expect(compareCases(side({ a: 1 }), { caseIds: ['a'], scores: [1, 2] })).toMatchObject({
      reason: 'length-mismatch',
    })
    expect(compareCases(side({ a: 1 }), side({ a: Number.NaN }))).toMatchObject({ reason: 'not-finite', index: 0 })
  })
})

describe('few or equal values', () => {
  it('one pair has a mean and nothing else', () => {
    expect(comparePaired([5], [7])).toMatchObject({
      difference: { n: 1, mean: 2, test: null, warnings: [{ code: 'too-few-pairs', have: 1, recommended: 20 }] },
      effect: { dz: null, wins: 1 },
      signedRanks: { pValue: 1 },
    })
  })

  it('differences that are all the same give no test, even when rounding makes them unequal', () => {
    const baseline = [0.1, 0.2, 0.3, 0.7]
    const answer = comparePaired(
      baseline,
      baseline.map((score) => score + 0.1),
    )
    expect(answer).toMatchObject({ difference: { test: null }, effect: { dz: null, wins: 4 } })
    expect(answer).toMatchObject({ difference: { warnings: [{ code: 'too-few-pairs' }, { code: 'zero-variance' }] } })
  })

  it('no difference at all is p = 1 by ranks, not an error', () => {
    const same = [5, 6, 7]
    const answer = comparePaired(same, same, { bootstrap: { random: createRandom(1) } })
    expect(answer).toMatchObject({
      difference: { mean: 0, test: null },
      signedRanks: { pValue: 1, rankBiserial: null, warnings: [{ code: 'all-ties' }] },
      cliffsDelta: { delta: 0, magnitude: 'negligible' },
      bootstrap: { interval: null, warnings: [{ code: 'zero-variance' }] },
    })
    expect(testRankSums([3, 3], [3, 3, 3])).toMatchObject({ pValue: 1, warnings: [{ code: 'all-ties' }] })
    expect(compareUnpairedMeans([3, 3], [4, 4])).toMatchObject({ meanDifference: 1, test: null })
  })

  it('a single cluster, however large, is one observation', () => {
    const answer = estimateMean([1, 2, 3, 4], { clusters: [0, 0, 0, 0] })
    expect(answer).toMatchObject({ clusters: 1, test: null, warnings: [{}, { code: 'few-clusters', have: 1 }] })
  })

  it('a heavy cluster is pointed out and widens the interval', () => {
    const { baseline, candidate } = scorePairs(3, 200, 5)
    const clusters = Array.from(baseline, (_, index) => (index < 150 ? 0 : index))
    const shifted = Array.from(candidate, (score, index) => score + (index < 150 ? 1 : 0))
    const [clustered, independent] = [{ clusters }, {}].map((options) => comparePaired(baseline, shifted, options))
    if (!clustered?.ok || !independent?.ok) throw new Error('Both must be there.')
    expect(clustered.difference.standardError).toBeGreaterThan(2 * independent.difference.standardError)
    expect(clustered.difference.warnings).toContainEqual({ code: 'dominant-cluster', share: 0.75 })
  })

  it('refuses arguments that make no sense, by name', () => {
    expect(estimateMean([1, 2], { confidence: 95 })).toMatchObject({ ok: false, argument: 'confidence' })
    expect(estimateMean([1, 2], { clusters: [0, 1.5] })).toMatchObject({ ok: false, argument: 'clusters' })
    expect(estimateMean([1, 2], { clusters: [0, 1e9] })).toMatchObject({ ok: false, argument: 'clusters' })
    expect(estimateMean([])).toMatchObject({ ok: false, reason: 'not-enough-data' })
    expect(bootstrapMean([1, 2], { random: createRandom(1), resamples: 5 })).toMatchObject({ argument: 'resamples' })
    expect(comparePaired([1, 2], [1])).toMatchObject({ reason: 'length-mismatch', lengths: [2, 1] })
    expect(testSignedRanks([1, Infinity])).toMatchObject({ reason: 'not-finite', index: 1 })
  })
})

describe('the choice between exact and normal rank tests', () => {
  it('is exact up to 50 pairs that differ and below 50 values a side without ties', () => {
    const ramp = (n: number) => Array.from({ length: n }, (_, index) => index + 1)
    expect(testSignedRanks([...ramp(50), 0, 0])).toMatchObject({ method: 'exact' })
    expect(testSignedRanks(ramp(51))).toMatchObject({ method: 'normal' })
    expect(testSignedRanks(ramp(600), { method: 'exact' })).toMatchObject({ method: 'normal' })
    expect(
      testRankSums(
        ramp(49),
        ramp(49).map((value) => value + 0.5),
      ),
    ).toMatchObject({ method: 'exact' })
    expect(testRankSums(ramp(50), [0.5])).toMatchObject({ method: 'normal' })
    expect(testRankSums([1, 2], [2, 3], { method: 'exact' })).toMatchObject({ method: 'normal' })
    expect(testRankSums(ramp(201), [0.5], { method: 'exact' })).toMatchObject({ method: 'normal' })
  })
})
