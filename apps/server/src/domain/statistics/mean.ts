import { normalCritical, normalTwoSidedP, tCritical, tTwoSidedP } from './distributions.ts'
import { momentsOf } from './moments.ts'
import {
  at,
  badArgument,
  checkConfidence,
  checkFinite,
  checkSameLength,
  defaultConfidence,
  firstFailure,
  notEnough,
  type Failure,
  type Interval,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

export interface MeanOptions {
  /** 0.95 unless said otherwise. */
  confidence?: number
  /** The cluster of each value as a small whole number from 0 on; without it, values count as independent. */
  clusters?: Numbers
  /**
   * How the clustered variance is made unbiased. `cr1`: times G / (G - 1), t with G - 1 degrees of freedom
   * (Stata, statsmodels `cov_type='cluster'`). `miller`: the clustered standard error of Miller 2024 (arXiv 2411.00640) with a
   * normal interval, as printed there; too narrow with few clusters.
   */
  clusterCorrection?: 'cr1' | 'miller'
}

export interface MeanTest {
  /** Estimate over standard error. */
  statistic: number
  /** Degrees of freedom of t; null where the normal distribution was used. */
  df: number | null
  /** Two-sided, against a mean of 0. */
  pValue: number
  interval: Interval
}

export interface MeanEstimate {
  n: number
  mean: number
  /** Sample standard deviation (n - 1); 0 for a single value. */
  sd: number
  /** As if all values were independent: sd / sqrt(n). */
  independentStandardError: number
  /** The standard error in use: cluster-robust when clusters were given. */
  standardError: number
  /** How many clusters; null when values count as independent. */
  clusters: number | null
  /** Variance of the mean over what it were without clusters; null without clusters. */
  designEffect: number | null
  /** Null when there are too few values, or no variance, to say anything beyond the mean. */
  test: MeanTest | null
  warnings: Warning[]
}

/** Below this the t interval leans on normality; a rank test or a bootstrap should stand beside it. */
const recommendedPairs = 20
/** Below this cluster-robust intervals are too narrow even with CR1 (Cameron and Miller 2015, section VI). */
const recommendedClusters = 20
const dominantShare = 0.5

/**
 * Mean with its standard error, two-sided t test against 0 and interval. For paired comparisons the values
 * are the differences. Clustered values: the deviations are summed within each cluster first (Liang-Zeger,
 * CR1), so a heavy cluster counts as one observation, not as many.
 *
 * One value gives the mean alone; constant values give `zero-variance` and no test.
 */
export function estimateMean(values: Numbers, options: MeanOptions = {}): Outcome<MeanEstimate> {
  const { confidence = defaultConfidence, clusters, clusterCorrection = 'cr1' } = options
  const failure = firstFailure(
    checkConfidence(confidence),
    values.length === 0 ? notEnough(0, 1) : null,
    checkFinite(values),
    clusters ? (checkSameLength(values, clusters) ?? checkClusters(clusters)) : null,
  )
  if (failure) return failure

  const { n, mean, squares, isConstant } = momentsOf(values)
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : 0
  const independentStandardError = sd / Math.sqrt(n)
  const warnings: Warning[] = []
  if (n < recommendedPairs) warnings.push({ code: 'too-few-pairs', have: n, recommended: recommendedPairs })
  if (isConstant && n > 1) warnings.push({ code: 'zero-variance' })

  const estimate = { ok: true as const, n, mean, sd, independentStandardError, warnings }
  if (!clusters) {
    const test = n > 1 && !isConstant ? testMean(mean, independentStandardError, n - 1, confidence) : null
    return { ...estimate, standardError: independentStandardError, clusters: null, designEffect: null, test }
  }

  const { count, variance, largestShare } = clusterVariance(values, clusters, mean)
  if (count < recommendedClusters) {
    warnings.push({ code: 'few-clusters', have: count, recommended: recommendedClusters })
  }
  if (count > 1 && largestShare > dominantShare) warnings.push({ code: 'dominant-cluster', share: largestShare })
  const corrected =
    clusterCorrection === 'cr1'
      ? (variance * count) / Math.max(1, count - 1)
      : // The diagonal terms with n - 1, the cross terms without, as printed.
        variance + squares / n / n / Math.max(1, n - 1)
  // Clusters whose deviations cancel to nothing carry no information about the error either.
  const canTest = count > 1 && !isConstant && corrected > 1e-26 * squares
  const standardError = canTest ? Math.sqrt(corrected) : 0
  if (!canTest && count > 1 && !isConstant) warnings.push({ code: 'zero-variance' })
  const df = clusterCorrection === 'cr1' ? count - 1 : null
  return {
    ...estimate,
    standardError,
    clusters: count,
    designEffect: canTest ? (standardError / independentStandardError) ** 2 : null,
    test: canTest ? testMean(mean, standardError, df, confidence) : null,
  }
}

/** The two-sided test against 0 and the interval of an estimate; `df` null for the normal distribution. */
export function testMean(mean: number, standardError: number, df: number | null, confidence: number): MeanTest {
  const statistic = mean / standardError
  const critical = df === null ? normalCritical(confidence) : tCritical(confidence, df)
  const pValue = df === null ? normalTwoSidedP(statistic) : tTwoSidedP(statistic, df)
  const half = critical * standardError
  return { statistic, df, pValue, interval: { lower: mean - half, upper: mean + half, confidence } }
}

/**
 * Small whole numbers for group names, in the order of appearance. A case without a group is a cluster of
 * its own, so mixed suites are handled as they should be.
 */
export function indexClusters(groups: readonly (string | null | undefined)[]): Int32Array {
  const numbers = new Map<string, number>()
  const clusters = new Int32Array(groups.length)
  let next = 0
  groups.forEach((group, index) => {
    const known = group === null || group === undefined ? undefined : numbers.get(group)
    if (known === undefined && typeof group === 'string') numbers.set(group, next)
    clusters[index] = known ?? next
    if (known === undefined) next += 1
  })
  return clusters
}

interface ClusterVariance {
  count: number
  /** Sum over clusters of the squared sum of deviations, over n squared. */
  variance: number
  largestShare: number
}

function clusterVariance(values: Numbers, clusters: Numbers, mean: number): ClusterVariance {
  const n = values.length
  let top = 0
  for (let index = 0; index < n; index++) top = Math.max(top, at(clusters, index))
  const sums = new Float64Array(top + 1)
  const sizes = new Float64Array(top + 1)
  for (let index = 0; index < n; index++) {
    const cluster = at(clusters, index)
    sums[cluster] = at(sums, cluster) + at(values, index) - mean
    sizes[cluster] = at(sizes, cluster) + 1
  }
  let count = 0
  let total = 0
  let largest = 0
  for (let cluster = 0; cluster <= top; cluster++) {
    const size = at(sizes, cluster)
    if (size === 0) continue
    count += 1
    largest = Math.max(largest, size)
    total += at(sums, cluster) ** 2
  }
  return { count, variance: total / n / n, largestShare: largest / n }
}

/** Clusters index an array, so they must be small whole numbers: not more than ten times as many as values. */
export function checkClusters(clusters: Numbers): Failure | null {
  const limit = 10 * clusters.length + 10
  for (let index = 0; index < clusters.length; index++) {
    const cluster = at(clusters, index)
    if (!Number.isInteger(cluster) || cluster < 0 || cluster > limit) {
      return badArgument('clusters', 'Number the clusters from 0 on; indexClusters does it.')
    }
  }
  return null
}
