import { defaultResamples, percentileInterval, type BootstrapOptions } from './bootstrap.ts'
import { estimateMean, type MeanOptions } from './mean.ts'
import { quantileOfSorted, sortedCopy } from './moments.ts'
import { pick } from './random.ts'
import {
  at,
  checkConfidence,
  checkCount,
  checkFinite,
  checkSameLength,
  checkShare,
  defaultConfidence,
  firstFailure,
  notEnough,
  type Interval,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

export interface Ratio {
  pairs: number
  /** Candidate over baseline, the geometric mean over pairs: 1.2 is 20% more. */
  ratio: number
  /** Null where there is no test. */
  interval: Interval | null
  /** Two-sided, against a ratio of 1. */
  pValue: number | null
  warnings: Warning[]
}

/**
 * Ratio of latencies or costs on the same cases: paired t (cluster-robust with clusters) of the differences
 * of logarithms, taken back by exp. Ratios suit quantities with a long tail. Pairs with a value of 0 or
 * below have no logarithm; they are left out and counted.
 */
export function pairedRatio(baseline: Numbers, candidate: Numbers, options: MeanOptions = {}): Outcome<Ratio> {
  const { clusters, ...rest } = options
  const failure = firstFailure(
    checkSameLength(baseline, candidate, clusters ?? baseline),
    checkFinite(baseline),
    checkFinite(candidate),
  )
  if (failure) return failure
  const logs: number[] = []
  const kept: number[] = []
  for (let index = 0; index < baseline.length; index++) {
    const below = at(baseline, index)
    const above = at(candidate, index)
    if (below <= 0 || above <= 0) continue
    logs.push(Math.log(above) - Math.log(below))
    if (clusters) kept.push(at(clusters, index))
  }
  const estimate = estimateMean(logs, clusters ? { ...rest, clusters: kept } : rest)
  if (!estimate.ok) return estimate
  const { mean, test, warnings } = estimate
  const dropped = baseline.length - logs.length
  return {
    ok: true,
    pairs: logs.length,
    ratio: expOf(mean),
    interval: test && { ...test.interval, lower: expOf(test.interval.lower), upper: expOf(test.interval.upper) },
    pValue: test && test.pValue,
    warnings: dropped > 0 ? [...warnings, { code: 'non-positive-values', dropped }] : warnings,
  }
}

/** Few and wild values can put an end beyond all numbers; the largest one stands for that. */
function expOf(log: number): number {
  return Math.min(Number.MAX_VALUE, Math.exp(log))
}

export interface QuantileDifference {
  baseline: number
  candidate: number
  /** Candidate minus baseline, in the unit of the values. */
  difference: number
  interval: Interval
  warnings: Warning[]
}

export interface QuantileOptions extends BootstrapOptions {
  /** E.g. 0.95 for p95. */
  share: number
  /** Resample cases (both sides together), or each side by itself. */
  design: 'paired' | 'unpaired'
}

/** Fewer values than this beyond the quantile, and a resample mostly repeats the same few. */
const recommendedBeyond = 10

/**
 * Difference of a quantile, e.g. p95 latency, with a percentile bootstrap interval. Quantiles are of type 7
 * (numpy's default). Values are taken as independent; far quantiles of few values are flagged.
 */
export function compareQuantiles(
  baseline: Numbers,
  candidate: Numbers,
  options: QuantileOptions,
): Outcome<QuantileDifference> {
  const { share, design, random, resamples = defaultResamples, confidence = defaultConfidence } = options
  const failure = firstFailure(
    checkConfidence(confidence),
    checkShare('share', share),
    checkCount('resamples', resamples, 100),
    Math.min(baseline.length, candidate.length) === 0 ? notEnough(0, 1) : null,
    design === 'paired' ? checkSameLength(baseline, candidate) : null,
    checkFinite(baseline),
    checkFinite(candidate),
  )
  if (failure) return failure

  const below = createResampler(baseline, share)
  const above = createResampler(candidate, share)
  const differences = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    if (design === 'paired') {
      for (let draw = 0; draw < baseline.length; draw++) {
        const index = pick(random, baseline.length)
        below.draw(index)
        above.draw(index)
      }
    } else {
      for (let draw = 0; draw < baseline.length; draw++) below.draw(pick(random, baseline.length))
      for (let draw = 0; draw < candidate.length; draw++) above.draw(pick(random, candidate.length))
    }
    differences[resample] = above.take() - below.take()
  }
  const tail = Math.min(share, 1 - share)
  const beyond = Math.floor(tail * Math.min(baseline.length, candidate.length))
  return {
    ok: true,
    baseline: below.quantile,
    candidate: above.quantile,
    difference: above.quantile - below.quantile,
    interval: percentileInterval(differences, confidence),
    warnings: beyond < recommendedBeyond ? [{ code: 'extreme-quantile', beyond, recommended: recommendedBeyond }] : [],
  }
}

interface Resampler {
  /** Of the values themselves. */
  quantile: number
  draw: (index: number) => void
  /** The quantile of what was drawn since the last take. */
  take: () => number
}

/** Counts draws by rank, so that the quantile of a resample takes one walk and no sort. */
function createResampler(values: Numbers, share: number): Resampler {
  const n = values.length
  const order = Uint32Array.from({ length: n }, (_, index) => index)
  order.sort((first, second) => at(values, first) - at(values, second))
  const rankOf = new Uint32Array(n)
  order.forEach((index, rank) => {
    rankOf[index] = rank
  })
  const sorted = sortedCopy(values)
  const counts = new Uint32Array(n)
  const place = share * (n - 1)
  const target = Math.floor(place)
  const fraction = place - target
  return {
    quantile: quantileOfSorted(sorted, share),
    draw: (index) => {
      const rank = at(rankOf, index)
      counts[rank] = at(counts, rank) + 1
    },
    take: () => {
      let passed = 0
      let rank = 0
      while (passed + at(counts, rank) <= target) passed += at(counts, rank++)
      const low = at(sorted, rank)
      let next = rank
      let reached = passed + at(counts, rank)
      while (reached <= target + 1 && next + 1 < n) reached += at(counts, ++next)
      counts.fill(0)
      return target + 1 < n ? low + fraction * (at(sorted, next) - low) : low
    },
  }
}
