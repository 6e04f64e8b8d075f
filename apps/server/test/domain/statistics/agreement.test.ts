import { describe, expect, it } from 'vitest'
import {
  correctRate,
  createRandom,
  fitLine,
  krippendorffAlpha,
  measureAgreement,
  measureLengthBias,
  measureOrderSwap,
  measureTestRetest,
  predictionPoweredMean,
  type Calibration,
  type Level,
  type Winner,
} from '../../../src/domain/statistics/index.ts'
import { checkCase, referenceCases } from './reference.ts'

interface Given {
  first: number[]
  second: number[]
  bootstrap?: { seed: number; resamples: number }
  ratings: (number | null)[][]
  level: Level
  human: number[]
  judge: number[]
  unlabelled: number[]
  passes: number
  n: number
  calibration: Calibration
  confidence: number
  x: number[]
  y: number[]
  scores: number[]
  lengths: number[]
  aFirst: Winner[]
  bFirst: Winner[]
}

const bootstrapOf = ({ bootstrap }: Given) =>
  bootstrap ? { bootstrap: { random: createRandom(bootstrap.seed), resamples: bootstrap.resamples } } : {}

const methods: Record<string, (given: Given) => unknown> = {
  measureAgreement: (given) => measureAgreement(given.first, given.second, bootstrapOf(given)),
  measureTestRetest: ({ first, second }) => measureTestRetest(first, second),
  krippendorffAlpha: (given) => krippendorffAlpha(given.ratings, given.level, bootstrapOf(given)),
  predictionPoweredMean: ({ human, judge, unlabelled }) => predictionPoweredMean({ human, judge }, unlabelled),
  correctRate: ({ passes, n, calibration, confidence }) => correctRate(passes, n, calibration, confidence),
  fitLine: ({ x, y }) => fitLine(x, y),
  measureLengthBias: ({ scores, lengths }) => measureLengthBias(scores, lengths),
  measureOrderSwap: ({ aFirst, bFirst }) => measureOrderSwap(aFirst, bFirst),
}

describe('agreement and judge correction, beside scikit-learn, scipy, statsmodels, R and the formulas', () => {
  it.each(referenceCases<Given>('agreement'))('$method: $name', (reference) => checkCase(methods, reference))
})

describe('agreement', () => {
  it('gives the alphas that Krippendorff printed', () => {
    const published = referenceCases<Given>('agreement').find(({ name }) => name === 'Krippendorff 2011, nominal')
    const printed = { nominal: 0.743, ordinal: 0.815, interval: 0.849 }
    for (const level of ['nominal', 'ordinal', 'interval'] as const) {
      const answer = krippendorffAlpha(published?.given.ratings ?? [], level)
      expect(answer).toMatchObject({ ok: true, units: 11, ratings: 40 })
      if (answer.ok) expect(answer.alpha.value).toBeCloseTo(printed[level], 3)
    }
  })

  it('is undefined, not perfect, where there is only one category', () => {
    const nothing = { value: null, interval: null }
    const bootstrap = { random: createRandom(1) }
    expect(measureAgreement([7, 7, 7], [7, 7, 7], { bootstrap })).toMatchObject({
      exact: { rate: 1 },
      kappa: nothing,
      quadraticKappa: nothing,
    })
    expect(krippendorffAlpha([[7, 7], [7, 7], [5]], 'interval', { bootstrap })).toMatchObject({
      alpha: nothing,
      units: 2,
      warnings: [
        { code: 'unpairable-units', dropped: 1 },
        { code: 'single-category' },
        { code: 'undefined-resamples' },
      ],
    })
    expect(
      krippendorffAlpha(
        [
          [7, null],
          [null, 5],
        ],
        'nominal',
      ),
    ).toEqual({
      ok: false,
      reason: 'not-enough-data',
      have: 0,
      need: 1,
    })
  })

  it('sees which place a judge prefers', () => {
    const answer = measureOrderSwap(['a', 'a', 'a', 'b', 'tie', 'a'], ['b', 'b', 'b', 'b', 'a', 'b'])
    expect(answer).toMatchObject({ firstAlways: 4, secondAlways: 0, halfTies: 1, positionBiasP: 0.125 })
    expect(answer).toMatchObject({ consistent: { successes: 1, n: 6 } })
  })
})

describe('judge correction', () => {
  it('gives no rate for a judge that is no better than chance', () => {
    const calibration = { positives: 10, truePositives: 5, negatives: 10, trueNegatives: 5 }
    expect(correctRate(50, 100, calibration)).toMatchObject({
      rate: null,
      interval: null,
      warnings: [{ code: 'uninformative-judge', youden: 0 }],
    })
  })

  it('does not use a judge that knows nothing, and says what a good one is worth', () => {
    const human = [1, 9, 2, 8, 3, 7, 4, 6]
    const constant = predictionPoweredMean({ human, judge: human.map(() => 5) }, [5, 5, 5])
    expect(constant).toMatchObject({ lambda: 0, mean: 5, effectiveLabels: 8 })
    const perfect = predictionPoweredMean(
      { human, judge: human },
      Array.from({ length: 800 }, (_, i) => human[i % 8] ?? 0),
    )
    expect(perfect).toMatchObject({ ok: true })
    if (perfect.ok) expect(perfect.effectiveLabels).toBeGreaterThan(500)
  })
})

describe('a line', () => {
  it('is unknown over a single x, and has no test where it fits perfectly', () => {
    expect(fitLine([2, 2, 2], [1, 2, 3])).toMatchObject({
      slope: null,
      test: null,
      warnings: [{ code: 'zero-variance' }],
    })
    expect(fitLine([1, 2, 3], [2, 4, 6])).toMatchObject({ slope: 2, test: null, rSquared: 1 })
    expect(fitLine([1, 2, 3], [5, 5, 5])).toMatchObject({ slope: 0, intercept: 5, test: null, rSquared: null })
  })

  it('leaves out empty answers', () => {
    expect(measureLengthBias([0, 5, 6, 7.5], [0, 10, 100, 1000])).toMatchObject({
      n: 3,
      warnings: [{ code: 'non-positive-values', dropped: 1 }],
    })
  })
})
