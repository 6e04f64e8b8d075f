import { estimateMean, testMean, type MeanEstimate, type MeanOptions, type MeanTest } from './mean.ts'
import { at, defaultConfidence, type Numbers, type Outcome, type Warning } from './result.ts'

export interface UnpairedMeans {
  /** Candidate minus baseline. */
  meanDifference: number
  standardError: number
  baseline: MeanEstimate
  candidate: MeanEstimate
  /** Null when neither side varies, or a side has a single value or cluster. */
  test: MeanTest | null
  warnings: Warning[]
}

export interface UnpairedOptions {
  confidence?: number
  baselineClusters?: Numbers
  candidateClusters?: Numbers
}

/**
 * Welch's t of two independent samples with Welch-Satterthwaite degrees of freedom: R's `t.test(candidate,
 * baseline)`. With clusters each side's variance is cluster-robust (CR1), and its degrees of freedom are its
 * clusters minus one.
 */
export function compareUnpairedMeans(
  baseline: Numbers,
  candidate: Numbers,
  options: UnpairedOptions = {},
): Outcome<UnpairedMeans> {
  const { confidence = defaultConfidence, baselineClusters, candidateClusters } = options
  const withClusters = (clusters: Numbers | undefined): MeanOptions =>
    clusters ? { confidence, clusters } : { confidence }
  const below = estimateMean(baseline, withClusters(baselineClusters))
  if (!below.ok) return below
  const above = estimateMean(candidate, withClusters(candidateClusters))
  if (!above.ok) return above

  const meanDifference = above.mean - below.mean
  const sides = [below, above]
  const variances = sides.map((side) => side.standardError ** 2)
  const variance = variances.reduce((sum, each) => sum + each, 0)
  const dfs = sides.map((side) => (side.clusters ?? side.n) - 1)
  const canTest = dfs.every((each) => each > 0) && variance > 0
  // Shares of the variance, since squares of tiny variances would underflow.
  const df = canTest ? 1 / dfs.reduce((sum, each, side) => sum + (at(variances, side) / variance) ** 2 / each, 0) : 1
  const standardError = Math.sqrt(variance)
  return {
    ok: true,
    meanDifference,
    standardError,
    baseline: below,
    candidate: above,
    test: canTest ? testMean(meanDifference, standardError, df, confidence) : null,
    warnings: mergeWarnings(sides.map((side) => side.warnings)),
  }
}

/** Each kind of warning once: the first one of a kind stands. */
function mergeWarnings(lists: Warning[][]): Warning[] {
  const byCode = new Map<string, Warning>()
  for (const warning of lists.flat()) if (!byCode.has(warning.code)) byCode.set(warning.code, warning)
  return [...byCode.values()]
}
