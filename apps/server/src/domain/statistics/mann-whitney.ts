import { normalTwoSidedP } from './distributions.ts'
import { rankValues } from './ranks.ts'
import { at, checkFinite, firstFailure, notEnough, type Numbers, type Outcome, type Warning } from './result.ts'

export interface RankSumOptions {
  /** `auto`: exact when both sides have fewer than 50 values and none are tied (the rule of R). */
  method?: 'auto' | 'exact' | 'normal'
  /** True unless said otherwise, as in scipy and R. */
  continuity?: boolean
}

export interface RankSumTest {
  nBaseline: number
  nCandidate: number
  /** Pairs (candidate, baseline) in which the candidate is higher, ties counting a half. */
  u: number
  z: number | null
  /** Two-sided. */
  pValue: number
  method: 'exact' | 'normal'
  warnings: Warning[]
}

const exactBelow = 50
/** Asked for, exact goes on to here. */
const largestExactAsked = 200

/**
 * Mann-Whitney U of two independent samples. `exact` equals scipy's `mannwhitneyu(candidate, baseline,
 * method='exact')` and R's `wilcox.test(exact=TRUE)`; `normal` equals `method='asymptotic'` with
 * `use_continuity=True` and R's `exact=FALSE, correct=TRUE`, both with tie correction. Asking for `exact`
 * with ties, or more than 200 values a side, gives `normal`: the exact distribution knows no ties. All values tied: p is 1.
 */
export function testRankSums(
  baseline: Numbers,
  candidate: Numbers,
  options: RankSumOptions = {},
): Outcome<RankSumTest> {
  const m = candidate.length
  const n = baseline.length
  const failure = firstFailure(
    m === 0 || n === 0 ? notEnough(0, 1) : null,
    checkFinite(baseline),
    checkFinite(candidate),
  )
  if (failure) return failure
  const { method = 'auto', continuity = true } = options

  const all = new Float64Array(m + n)
  all.set(candidate)
  all.set(baseline, m)
  const { ranks, tieSum } = rankValues(all)
  let rankSum = 0
  for (let index = 0; index < m; index++) rankSum += at(ranks, index)
  const u = rankSum - (m * (m + 1)) / 2
  const base = { ok: true as const, nBaseline: n, nCandidate: m, u }

  const isSmall = Math.max(m, n) <= (method === 'exact' ? largestExactAsked : exactBelow - 1)
  if (tieSum === 0 && method !== 'normal' && isSmall) {
    return { ...base, z: null, pValue: exactP(m, n, Math.min(u, m * n - u)), method: 'exact', warnings: [] }
  }
  const total = m + n
  const variance = ((m * n) / 12) * (total + 1 - tieSum / (total * (total - 1)))
  // With everything tied the bracket is 0, up to rounding.
  if (variance <= 1e-12 * m * n) {
    return { ...base, z: null, pValue: 1, method: 'normal', warnings: [{ code: 'all-ties' }] }
  }
  const distance = u - (m * n) / 2
  const size = Math.abs(distance) - (continuity ? 0.5 : 0)
  const z = (Math.sign(distance) * size) / Math.sqrt(variance)
  // The correction must not carry a difference of nothing past the middle.
  return { ...base, z: size < 0 ? 0 : z, pValue: size < 0 ? 1 : normalTwoSidedP(z), method: 'normal', warnings: [] }
}

/** Twice P(U <= u): the number of ways is the coefficient of the Gaussian binomial (m + n over m). */
function exactP(m: number, n: number, u: number): number {
  const ways = new Float64Array(u + 1)
  ways[0] = 1
  let all = 1
  for (let step = 1; step <= m; step++) {
    for (let sum = u; sum >= n + step; sum--) ways[sum] = at(ways, sum) - at(ways, sum - n - step)
    for (let sum = step; sum <= u; sum++) ways[sum] = at(ways, sum) + at(ways, sum - step)
    all = (all * (n + step)) / step
  }
  let below = 0
  for (let sum = 0; sum <= u; sum++) below += at(ways, sum)
  return Math.min(1, (2 * below) / all)
}
