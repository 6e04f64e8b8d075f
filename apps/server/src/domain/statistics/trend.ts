import { estimateMean, type MeanEstimate } from './mean.ts'
import { differencesOf } from './moments.ts'
import { adjustHolm } from './multiplicity.ts'
import { averageByCase, clustersOf, pairByCase, type CaseMeans, type CaseScores } from './pairing.ts'
import {
  badArgument,
  checkConfidence,
  checkFinite,
  checkPositive,
  defaultConfidence,
  firstFailure,
  notEnough,
  type Interval,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

export interface TrendOptions {
  confidence?: number
  /** Place of the session that all are compared to; the first unless said otherwise. */
  baseline?: number
  /** A change must surely be larger than this, in the unit of the score, to be flagged; 0 unless said otherwise. */
  margin?: number
  /** False for latency and cost. */
  isHigherBetter?: boolean
}

export interface TrendStep {
  /** This session minus the other, over the cases of both; cluster-robust where cases have groups. */
  difference: MeanEstimate
  /** At the level that keeps all intervals of the series right together (Bonferroni); null without a test. */
  adjustedInterval: Interval | null
  /** Holm over the series. */
  adjustedP: number | null
  /** The adjusted interval lies wholly beyond the margin, in the bad or the good direction. */
  isRegression: boolean
  isImprovement: boolean
  warnings: Warning[]
}

export interface TrendPoint {
  cases: number
  mean: MeanEstimate
  /** Null for the session itself, and where there is no common case. */
  toBaseline: TrendStep | null
  toPrevious: TrendStep | null
}

/**
 * Sessions in their order in time: the mean of each with its interval, and paired comparisons with the
 * baseline and with the session before. Comparisons with the baseline are one series of tests, those with
 * the previous session another; each is adjusted by itself.
 */
export function followSessions(
  sessions: readonly CaseScores[],
  options: TrendOptions = {},
): Outcome<{ points: TrendPoint[] }> {
  const { confidence = defaultConfidence, baseline = 0, margin = 0, isHigherBetter = true } = options
  const failure = firstFailure(
    checkConfidence(confidence),
    sessions.length === 0 ? notEnough(0, 1) : null,
    sessions[baseline] || sessions.length === 0 ? null : badArgument('baseline', 'Give the place of a session.'),
    margin >= 0 && Number.isFinite(margin) ? null : badArgument('margin', 'Give a number from 0 on.'),
  )
  if (failure) return failure

  const sides: CaseMeans[] = []
  const means: MeanEstimate[] = []
  for (const session of sessions) {
    const side = averageByCase(session)
    if (!side.ok) return side
    const clusters = clustersOf(side.groups)
    const mean = estimateMean(side.means, { confidence, ...(clusters && { clusters }) })
    if (!mean.ok) return mean
    sides.push(side)
    means.push(mean)
  }
  const direction = isHigherBetter ? 1 : -1
  const toBaseline = compareSeries(sides, () => baseline, { confidence, margin, direction })
  const toPrevious = compareSeries(sides, (place) => place - 1, { confidence, margin, direction })
  const points = means.map((mean, place) => ({
    cases: mean.n,
    mean,
    toBaseline: toBaseline[place] ?? null,
    toPrevious: toPrevious[place] ?? null,
  }))
  return { ok: true, points }
}

interface SeriesOptions {
  confidence: number
  margin: number
  /** 1 where higher is better, -1 where lower is. */
  direction: number
}

function compareSeries(
  sides: readonly CaseMeans[],
  otherOf: (place: number) => number,
  { confidence, margin, direction }: SeriesOptions,
): (TrendStep | null)[] {
  const differences = sides.map((side, place) => {
    const other = otherOf(place) === place ? undefined : sides[otherOf(place)]
    return other ? pairByCase(other, side) : null
  })
  const tests = differences.filter((pairs) => pairs !== null && pairs.caseIds.length > 0).length
  const estimates = differences.map((pairs) => {
    if (!pairs) return null
    const values = differencesOf(pairs.baseline, pairs.candidate)
    const clustering = pairs.clusters ? { clusters: pairs.clusters } : {}
    const difference = estimateMean(values, { confidence, ...clustering })
    const strict = estimateMean(values, { confidence: 1 - (1 - confidence) / tests, ...clustering })
    return difference.ok && strict.ok ? { pairs, difference, adjustedInterval: strict.test?.interval ?? null } : null
  })
  const holm = adjustHolm(estimates.map((estimate) => estimate?.difference.test?.pValue ?? null))
  return estimates.map((estimate, place) => {
    if (!estimate) return null
    const { pairs, difference, adjustedInterval } = estimate
    const { onlyBaseline, onlyCandidate } = pairs
    const ends = adjustedInterval ? [adjustedInterval.lower, adjustedInterval.upper].map((end) => end * direction) : []
    return {
      difference,
      adjustedInterval,
      adjustedP: holm.ok ? (holm.adjusted[place] ?? null) : null,
      isRegression: adjustedInterval !== null && Math.max(...ends) < -margin,
      isImprovement: adjustedInterval !== null && Math.min(...ends) > margin,
      warnings: onlyBaseline + onlyCandidate > 0 ? [{ code: 'unpaired-cases', onlyBaseline, onlyCandidate }] : [],
    }
  })
}

export interface CusumOptions {
  /** The mean while all is well, and the standard deviation of one value around it (of a session's mean, say). */
  target: number
  sd: number
  /** In standard deviations; half the shift that should be seen soon. 0.5 unless said otherwise. */
  slack?: number
  /** In standard deviations; 5 gives a false alarm about once in 465 values. */
  limit?: number
}

export interface Cusum {
  /** How far values have drifted above and below the target, in standard deviations, one per value. */
  high: Float64Array
  low: Float64Array
  /** The first value that passes the limit, and the value at which the drift began. */
  alarm: { index: number; side: 'high' | 'low'; since: number } | null
}

/** Tabular CUSUM (Page 1954; Montgomery, Introduction to Statistical Quality Control, section 9.1), without reset. */
export function tabularCusum(values: Numbers, options: CusumOptions): Outcome<Cusum> {
  const { target, sd, slack = 0.5, limit = 5 } = options
  const failure = firstFailure(
    checkFinite(values),
    Number.isFinite(target) ? null : badArgument('target', 'Give a number.'),
    checkPositive('sd', sd),
    slack >= 0 ? null : badArgument('slack', 'Give a number from 0 on.'),
    checkPositive('limit', limit),
  )
  if (failure) return failure
  const drifts = { high: new Float64Array(values.length), low: new Float64Array(values.length) }
  const since = { high: 0, low: 0 }
  const current = { high: 0, low: 0 }
  let alarm: Cusum['alarm'] = null
  Array.from(values).forEach((value, index) => {
    const z = (value - target) / sd
    for (const side of ['high', 'low'] as const) {
      if (current[side] === 0) since[side] = index
      current[side] = Math.max(0, current[side] + (side === 'high' ? z : -z) - slack)
      drifts[side][index] = current[side]
      if (current[side] > limit) alarm ??= { index, side, since: since[side] }
    }
  })
  return { ok: true, ...drifts, alarm }
}
