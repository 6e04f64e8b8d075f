import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adjustBenjaminiHochberg,
  adjustHolm,
  bootstrapMean,
  cliffsDelta,
  compareCases,
  comparePaired,
  comparePairedRates,
  compareQuantiles,
  compareRates,
  compareUnpairedMeans,
  correctRate,
  createBettingSequence,
  createEmpiricalBernstein,
  createRandom,
  estimateComponents,
  estimateMean,
  fitLine,
  followSessions,
  krippendorffAlpha,
  measureAgreement,
  measureLengthBias,
  measureTestRetest,
  pairedRatio,
  passRate,
  predictionPoweredMean,
  tabularCusum,
  testRankSums,
  type Interval,
  type Outcome,
} from '../../../src/domain/statistics/index.ts'

const score = fc.integer({ min: 2, max: 20 }).map((halves) => halves / 2)
const anyNumber = fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e9, max: 1e9 })
const value = fc.oneof(
  score,
  anyNumber,
  fc.constant(7),
  fc.constantFrom(0, -0, 5e-324, 1e-160, Number.NaN, Infinity, 1e300),
)
const listOf = <T>(of: fc.Arbitrary<T>, least = 0) => fc.array(of, { minLength: least, maxLength: 30 })
const pairs = (of: fc.Arbitrary<number>, least = 2) =>
  listOf(fc.tuple(of, of, fc.integer({ min: 0, max: 5 })), least).map((rows) => ({
    baseline: rows.map((row) => row[0]),
    candidate: rows.map((row) => row[1]),
    clusters: rows.map((row) => row[2]),
  }))

/** The answer, which must be there: the property is about inputs that are in order. */
function need<Value extends object>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  return outcome
}

/** Paths of numbers that are NaN or infinite, anywhere in an answer. */
function broken(answer: unknown, path = ''): string[] {
  if (typeof answer === 'number') return Number.isFinite(answer) ? [] : [`${path} = ${answer}`]
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([key, inner]) => broken(inner, `${path}.${key}`))
}

function mirrored(interval: Interval | undefined | null): Interval | null {
  return interval ? { ...interval, lower: -interval.upper, upper: -interval.lower } : null
}

function expectSame(interval: Interval | undefined | null, other: Interval | null): void {
  expect(interval?.lower ?? null).toEqual(other ? expect.closeTo(other.lower, 9) : null)
  expect(interval?.upper ?? null).toEqual(other ? expect.closeTo(other.upper, 9) : null)
}

const holds = (interval: Interval, estimate: number) =>
  interval.lower <= estimate + 1e-12 && estimate <= interval.upper + 1e-12

describe('whatever comes in', () => {
  it('no answer holds NaN or Infinity', () => {
    fc.assert(
      fc.property(pairs(value, 0), ({ baseline, candidate, clusters }) => {
        const options = { random: createRandom(1), resamples: 100 }
        const sides = [baseline, candidate].map((scores) => ({ caseIds: clusters.map(String), scores }))
        const [first, second] = sides
        if (!first || !second) return
        const answers = {
          paired: comparePaired(baseline, candidate, { clusters, bootstrap: options }),
          unclustered: comparePaired(baseline, candidate, { bootstrap: options }),
          miller: estimateMean(baseline, { clusters, clusterCorrection: 'miller' }),
          unpaired: compareUnpairedMeans(baseline, candidate, {
            baselineClusters: clusters,
            candidateClusters: clusters,
          }),
          welch: compareUnpairedMeans(baseline, candidate),
          cases: compareCases(first, second),
          ranks: testRankSums(baseline, candidate, { method: 'normal' }),
          ratio: pairedRatio(baseline, candidate),
          quantiles: compareQuantiles(baseline, candidate, { ...options, share: 0.9, design: 'paired' }),
          agreement: measureAgreement(baseline, candidate, { bootstrap: options }),
          retest: measureTestRetest(baseline, candidate),
          alpha: krippendorffAlpha(
            baseline.map((rating, index) => [rating, candidate[index] ?? null]),
            'interval',
          ),
          powered: predictionPoweredMean({ human: baseline, judge: candidate }, baseline),
          line: fitLine(baseline, candidate),
          length: measureLengthBias(candidate, baseline),
          components: estimateComponents(clusters, baseline),
          trend: followSessions(sides),
          cusum: tabularCusum(baseline, { target: 5, sd: 2 }),
        }
        // A failure names the offending value, which may itself be NaN.
        for (const [name, answer] of Object.entries(answers)) if (answer.ok) expect(broken(answer, name)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})

describe('intervals', () => {
  it('of a mean hold it, and grow with confidence', () => {
    fc.assert(
      fc.property(pairs(score), fc.boolean(), ({ baseline, clusters }, isClustered) => {
        const options = isClustered ? { clusters } : {}
        const at = (confidence: number) => need(estimateMean(baseline, { ...options, confidence }))
        const [narrow, wide] = [at(0.8), at(0.99)]
        if (!narrow.test || !wide.test) return
        expect(holds(narrow.test.interval, narrow.mean)).toBe(true)
        expect(wide.test.interval.lower).toBeLessThan(narrow.test.interval.lower)
        // The interval excludes 0 exactly when p is below its level.
        const { lower, upper } = narrow.test.interval
        expect(lower > 0 || upper < 0).toBe(narrow.test.pValue < 1 - narrow.test.interval.confidence)
      }),
    )
  })

  it('of rates hold them and stay within their range', () => {
    const count = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(count, count, count, count, (both, onlyBaseline, onlyCandidate, neither) => {
        const n = both + onlyBaseline + onlyCandidate + neither
        if (n === 0) return
        const rate = need(passRate(both, n))
        expect(holds(rate.interval, rate.rate)).toBe(true)
        expect(rate.interval.lower).toBeGreaterThanOrEqual(0)
        expect(rate.interval.upper).toBeLessThanOrEqual(1)
        const paired = need(comparePairedRates({ both, onlyBaseline, onlyCandidate, neither }))
        expect(holds(paired.interval, paired.difference)).toBe(true)
        const swapped = need(
          comparePairedRates({ both, onlyBaseline: onlyCandidate, onlyCandidate: onlyBaseline, neither }),
        )
        expectSame(swapped.interval, mirrored(paired.interval))
        expect(swapped.test).toEqual(paired.test)
        expect(paired.test.midP).toBeLessThanOrEqual(paired.test.exactP)
        const calibration = { positives: 20, truePositives: 18, negatives: 20, trueNegatives: 17 }
        expect(broken(correctRate(both, n, calibration))).toEqual([])
        const sides = [
          { successes: both, n },
          { successes: onlyBaseline, n },
        ] as const
        expectSame(need(compareRates(sides[1], sides[0])).interval, mirrored(need(compareRates(...sides)).interval))
      }),
    )
  })

  it('of a bootstrap are the same for the same seed and lie within the values', () => {
    fc.assert(
      fc.property(listOf(score, 2), fc.integer(), (values, seed) => {
        const run = () => need(bootstrapMean(values, { random: createRandom(seed), resamples: 200 }))
        const { interval } = run()
        expect(run().interval).toEqual(interval)
        if (!interval) return
        expect(interval.lower).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9)
        expect(interval.upper).toBeLessThanOrEqual(Math.max(...values) + 1e-9)
        expect(interval.lower).toBeLessThanOrEqual(interval.upper)
      }),
      { numRuns: 50 },
    )
  })
})

describe('swapping the sides', () => {
  it('turns differences round and leaves p-values alone', () => {
    fc.assert(
      fc.property(pairs(score), fc.boolean(), ({ baseline, candidate, clusters }, isClustered) => {
        const options = isClustered ? { clusters } : {}
        const there = need(comparePaired(baseline, candidate, options))
        const back = need(comparePaired(candidate, baseline, options))
        expect(back.difference.mean).toBeCloseTo(-there.difference.mean, 12)
        expect(back.difference.test?.pValue ?? null).toEqual(there.difference.test?.pValue ?? null)
        expectSame(back.difference.test?.interval, mirrored(there.difference.test?.interval))
        expect(back.signedRanks.pValue).toBeCloseTo(there.signedRanks.pValue, 12)
        expect(back.signedRanks.positiveRanks).toBe(there.signedRanks.negativeRanks)
        expect(back.cliffsDelta.delta).toBeCloseTo(-there.cliffsDelta.delta, 12)
        expect([back.effect.wins, back.effect.losses]).toEqual([there.effect.losses, there.effect.wins])

        const ranks = [testRankSums(baseline, candidate), testRankSums(candidate, baseline)].map(need)
        expect(ranks[1]?.pValue).toBeCloseTo(ranks[0]?.pValue ?? -1, 12)
        const ratios = [pairedRatio(baseline, candidate), pairedRatio(candidate, baseline)].map(need)
        expect((ratios[0]?.ratio ?? 0) * (ratios[1]?.ratio ?? 0)).toBeCloseTo(1, 9)
        const agreement = [measureAgreement(baseline, candidate), measureAgreement(candidate, baseline)].map(need)
        expect(agreement[1]?.quadraticKappa.value ?? null).toEqual(
          agreement[0]?.quadraticKappa.value == null ? null : expect.closeTo(agreement[0].quadraticKappa.value, 9),
        )
      }),
    )
  })

  it('of Cliff’s delta is 1 where everything is higher', () => {
    fc.assert(
      fc.property(listOf(score, 1), (values) => {
        const higher = values.map((each) => each + 100)
        expect(need(cliffsDelta(values, higher)).delta).toBe(1)
        expect(need(cliffsDelta(values, values)).delta).toBeCloseTo(0, 12)
      }),
    )
  })
})

describe('adjusted p-values', () => {
  it('are never below the raw ones, keep their order, and Holm is the stricter', () => {
    fc.assert(
      fc.property(listOf(fc.double({ min: 0, max: 1, noNaN: true }), 1), (pValues) => {
        const holm = need(adjustHolm(pValues)).adjusted
        const hochberg = need(adjustBenjaminiHochberg(pValues)).adjusted
        pValues.forEach((p, index) => {
          expect(hochberg[index]).toBeGreaterThanOrEqual(p)
          expect(holm[index]).toBeGreaterThanOrEqual(hochberg[index] ?? 2)
          expect(holm[index]).toBeLessThanOrEqual(1)
          pValues.forEach((other, place) => {
            if (p < other) expect(holm[index]).toBeLessThanOrEqual(holm[place] ?? -1)
          })
        })
      }),
    )
  })
})

describe('confidence sequences', () => {
  it('are nested, and mirror when the differences do', () => {
    const differences = listOf(fc.integer({ min: -9, max: 9 }), 1)
    for (const create of [createEmpiricalBernstein, createBettingSequence]) {
      fc.assert(
        fc.property(differences, fc.boolean(), (values, isSuite) => {
          const options = { lower: -9, upper: 9, ...(isSuite && { populationSize: values.length }) }
          const [there, back] = [need(create(options)).sequence, need(create(options)).sequence]
          let before = there.state().interval
          for (const each of values) {
            there.add(each)
            back.add(-each)
            const { interval } = there.state()
            expect(interval.lower).toBeGreaterThanOrEqual(before.lower)
            expect(interval.upper).toBeLessThanOrEqual(before.upper)
            expectSame(back.state().interval, mirrored(interval))
            before = interval
          }
        }),
        { numRuns: 60 },
      )
    }
  })
})

describe('alpha', () => {
  it('does not care for the order of units and raters', () => {
    fc.assert(
      fc.property(listOf(fc.tuple(score, score, fc.option(score)), 2), (units) => {
        const turned = units.map((unit) => unit.toReversed()).toReversed()
        for (const level of ['nominal', 'ordinal', 'interval'] as const) {
          const [there, back] = [units, turned].map((each) => need(krippendorffAlpha(each, level)).alpha.value)
          expect(back).toEqual(there === null || there === undefined ? null : expect.closeTo(there, 9))
        }
      }),
    )
  })
})
