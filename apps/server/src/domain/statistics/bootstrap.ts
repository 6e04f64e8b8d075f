import { normalCdf, normalQuantile } from './distributions.ts'
import { checkClusters } from './mean.ts'
import { quantileOfSorted } from './moments.ts'
import { pick, type Random } from './random.ts'
import {
  at,
  checkConfidence,
  checkCount,
  checkFinite,
  checkSameLength,
  defaultConfidence,
  firstFailure,
  notEnough,
  type Interval,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

export interface BootstrapOptions {
  random: Random
  /** 2000 unless said otherwise; the ends of a 95% interval then rest on about 50 resamples each. */
  resamples?: number
  confidence?: number
}

export const defaultResamples = 2000
const leastResamples = 100

export interface BcaInterval {
  mean: number
  interval: Interval | null
  /** Bias correction and acceleration; null where undefined. */
  bias: number | null
  acceleration: number | null
  warnings: Warning[]
}

/**
 * BCa bootstrap interval of a mean (Efron 1987), e.g. of paired differences. Whole clusters are resampled
 * when given, and left out one at a time for the acceleration. The formulas are those of
 * `scipy.stats.bootstrap(method='BCa')`, with interpolated percentiles. Constant values: no interval.
 */
export function bootstrapMean(
  values: Numbers,
  options: BootstrapOptions & { clusters?: Numbers },
): Outcome<BcaInterval> {
  const { random, resamples = defaultResamples, confidence = defaultConfidence, clusters } = options
  const failure = firstFailure(
    checkConfidence(confidence),
    checkCount('resamples', resamples, leastResamples),
    values.length === 0 ? notEnough(0, 1) : null,
    checkFinite(values),
    clusters ? (checkSameLength(values, clusters) ?? checkClusters(clusters)) : null,
  )
  if (failure) return failure

  const { sums, sizes } = clusters ? sumUnits(values, clusters) : { sums: values, sizes: null }
  const units = sums.length
  let total = 0
  for (let unit = 0; unit < units; unit++) total += at(sums, unit)
  const mean = total / values.length
  const leftOut = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    leftOut[unit] = (total - at(sums, unit)) / (values.length - (sizes ? at(sizes, unit) : 1))
  }
  const { acceleration, isConstant } = accelerationOf(units > 1 ? leftOut : [])
  if (isConstant) {
    return { ok: true, mean, interval: null, bias: null, acceleration: null, warnings: [{ code: 'zero-variance' }] }
  }

  const means = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0
    let size = 0
    for (let draw = 0; draw < units; draw++) {
      const unit = pick(random, units)
      sum += at(sums, unit)
      size += sizes ? at(sizes, unit) : 1
    }
    means[resample] = sum / size
  }
  means.sort()
  let below = 0
  let equal = 0
  for (const value of means) {
    if (value < mean) below += 1
    else if (value === mean) equal += 1
  }
  const place = (below + equal / 2) / resamples
  const tail = (1 - confidence) / 2
  const within = (share: number) => quantileOfSorted(means, share)
  if (place <= 0 || place >= 1) {
    const interval = { lower: within(tail), upper: within(1 - tail), confidence }
    return { ok: true, mean, interval, bias: null, acceleration, warnings: [{ code: 'degenerate-bootstrap' }] }
  }
  const bias = normalQuantile(place)
  const adjust = (share: number) => {
    const moved = bias + normalQuantile(share)
    const scale = 1 - acceleration * moved
    // Very skewed data at a very high confidence: the end lies beyond all resamples.
    if (scale <= 0) return moved > 0 ? 1 : 0
    return normalCdf(bias + moved / scale)
  }
  const interval = { lower: within(adjust(tail)), upper: within(adjust(1 - tail)), confidence }
  return { ok: true, mean, interval, bias, acceleration, warnings: [] }
}

export interface PercentileIntervals {
  /** One for each statistic; null where it was undefined in more than half of the resamples. */
  intervals: (Interval | null)[]
  warnings: Warning[]
}

/**
 * Percentile bootstrap of any statistics of resampled units. `statistics` gets the drawn unit numbers (the
 * array is reused) and answers null for what is undefined; the others carry the interval, with a warning.
 */
export function bootstrapUnits(
  units: number,
  statistics: (draws: Int32Array) => readonly (number | null)[],
  { random, resamples = defaultResamples, confidence = defaultConfidence }: BootstrapOptions,
): Outcome<PercentileIntervals> {
  const failure = firstFailure(checkConfidence(confidence), checkCount('resamples', resamples, leastResamples))
  if (failure) return failure
  const draws = new Int32Array(units)
  const values: number[][] = []
  for (let resample = 0; resample < resamples; resample++) {
    for (let draw = 0; draw < units; draw++) draws[draw] = pick(random, units)
    statistics(draws).forEach((value, place) => {
      const list = (values[place] ??= [])
      if (value !== null) list.push(value)
    })
  }
  const fewest = Math.min(...values.map((list) => list.length))
  const warnings: Warning[] = fewest < resamples ? [{ code: 'undefined-resamples', share: 1 - fewest / resamples }] : []
  const intervals = values.map((list) =>
    list.length * 2 < resamples ? null : percentileInterval(Float64Array.from(list), confidence),
  )
  return { ok: true, intervals, warnings }
}

/** The middle `confidence` of the values; sorts them in place. */
export function percentileInterval(values: Float64Array, confidence: number): Interval {
  values.sort()
  const tail = (1 - confidence) / 2
  return { lower: quantileOfSorted(values, tail), upper: quantileOfSorted(values, 1 - tail), confidence }
}

function accelerationOf(leftOut: Numbers): { acceleration: number; isConstant: boolean } {
  let middle = 0
  for (let unit = 0; unit < leftOut.length; unit++) middle += at(leftOut, unit) / leftOut.length
  let squares = 0
  let cubes = 0
  let largest = 0
  let widest = 0
  for (let unit = 0; unit < leftOut.length; unit++) {
    largest = Math.max(largest, Math.abs(at(leftOut, unit)))
    widest = Math.max(widest, Math.abs(middle - at(leftOut, unit)))
  }
  if (widest <= Math.max(1e-100, 1e-14 * largest)) return { acceleration: 0, isConstant: true }
  // In units of the widest deviation, whose cube might underflow.
  for (let unit = 0; unit < leftOut.length; unit++) {
    const deviation = (middle - at(leftOut, unit)) / widest
    squares += deviation ** 2
    cubes += deviation ** 3
  }
  return { acceleration: cubes / (6 * squares ** 1.5), isConstant: false }
}

function sumUnits(values: Numbers, clusters: Numbers): { sums: number[]; sizes: number[] } {
  const units = new Map<number, { sum: number; size: number }>()
  for (let index = 0; index < values.length; index++) {
    const unit = units.get(at(clusters, index)) ?? { sum: 0, size: 0 }
    unit.sum += at(values, index)
    unit.size += 1
    units.set(at(clusters, index), unit)
  }
  const all = [...units.values()]
  return { sums: all.map((unit) => unit.sum), sizes: all.map((unit) => unit.size) }
}
