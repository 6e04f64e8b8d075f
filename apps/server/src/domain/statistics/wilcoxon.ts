import { normalTwoSidedP } from './distributions.ts'
import { rankValues } from './ranks.ts'
import { at, checkFinite, firstFailure, notEnough, type Numbers, type Outcome, type Warning } from './result.ts'

export interface SignedRankOptions {
  /** What to do with pairs that do not differ: rank them and then leave them out (Pratt 1959), or drop them first. */
  zeros?: 'pratt' | 'drop'
  /** `auto`: exact up to 50 pairs that differ, normal beyond; `exact`: up to 500. */
  method?: 'auto' | 'exact' | 'normal'
  /** Move the normal approximation by half a rank toward the middle. */
  continuity?: boolean
}

export interface SignedRankTest {
  n: number
  zeros: number
  /** Rank sums of the pairs above and below 0. */
  positiveRanks: number
  negativeRanks: number
  /** Null for the exact method. */
  z: number | null
  /** Two-sided. */
  pValue: number
  method: 'exact' | 'normal'
  /** (W+ - W-) / (W+ + W-), from -1 to 1 (Kerby 2014); null when all pairs are tied. */
  rankBiserial: number | null
  warnings: Warning[]
}

const largestExact = 50
/** Asked for, exact goes on to here; beyond, the table would be large and the approximation is as good. */
const largestExactAsked = 500

/**
 * Wilcoxon signed-rank test of paired differences.
 *
 * `normal` equals scipy's `wilcoxon(d, zero_method='pratt', method='asymptotic', correction=False)`: with tie
 * correction, zeros taken out of mean and variance (Cureton 1967); `zeros: 'drop'` equals `zero_method='wilcox'`
 * and `continuity` equals `correction=True` (R: `wilcox.test(d, exact=FALSE, correct=TRUE)`).
 *
 * `exact` is the permutation distribution over all signs, given the ranks. Without ties and zeros it equals
 * scipy's `method='exact'` and R's `exact=TRUE`; with them it equals scipy's `method=PermutationMethod(n_resamples=inf)`
 * and, for `zeros: 'drop'`, `exactRankTests::wilcox.exact` of R. Judges' scores are full of ties, and with few
 * cases that is where the approximation is worst.
 */
export function testSignedRanks(differences: Numbers, options: SignedRankOptions = {}): Outcome<SignedRankTest> {
  const failure = firstFailure(differences.length === 0 ? notEnough(0, 1) : null, checkFinite(differences))
  if (failure) return failure
  const { zeros: zeroRule = 'pratt', method = 'auto', continuity = false } = options

  const n = differences.length
  const kept = Float64Array.from(differences).filter((difference) => difference !== 0)
  const zeros = n - kept.length
  // Zeros have the lowest ranks, so ranking without them and adding their number is Pratt's rule.
  const { ranks, tieSum } = rankValues(kept.map(Math.abs))
  const shift = zeroRule === 'pratt' ? zeros : 0
  let positiveRanks = 0
  let negativeRanks = 0
  kept.forEach((difference, index) => {
    if (difference > 0) positiveRanks += at(ranks, index) + shift
    else negativeRanks += at(ranks, index) + shift
  })
  const base = { ok: true as const, n, zeros, positiveRanks, negativeRanks }
  if (kept.length === 0) {
    const warnings: Warning[] = [{ code: 'all-ties' }]
    return { ...base, z: null, pValue: 1, method: 'exact', rankBiserial: null, warnings }
  }

  const rankBiserial = (positiveRanks - negativeRanks) / (positiveRanks + negativeRanks)
  if (method !== 'normal' && kept.length <= (method === 'exact' ? largestExactAsked : largestExact)) {
    const doubled = Array.from(ranks, (rank) => Math.round(2 * (rank + shift)))
    const pValue = exactP(doubled, Math.round(2 * Math.min(positiveRanks, negativeRanks)))
    return { ...base, z: null, pValue, method: 'exact', rankBiserial, warnings: [] }
  }

  const count = shift + kept.length
  const mean = (count * (count + 1) - shift * (shift + 1)) / 4
  const squares = count * (count + 1) * (2 * count + 1) - shift * (shift + 1) * (2 * shift + 1)
  const sd = Math.sqrt((squares - tieSum / 2) / 24)
  const distance = positiveRanks - mean
  const z = (distance - (continuity ? Math.sign(distance) * 0.5 : 0)) / sd
  return { ...base, z, pValue: normalTwoSidedP(z), method: 'normal', rankBiserial, warnings: [] }
}

/** Twice the share of sign patterns whose (doubled) positive rank sum is at most `smaller`. */
function exactP(doubledRanks: readonly number[], smaller: number): number {
  const shares = new Float64Array(smaller + 1)
  shares[0] = 1
  let reached = 0
  for (const rank of doubledRanks) {
    reached = Math.min(smaller, reached + rank)
    for (let sum = reached; sum >= 0; sum--) {
      shares[sum] = (at(shares, sum) + (sum >= rank ? at(shares, sum - rank) : 0)) / 2
    }
  }
  let tail = 0
  for (let sum = 0; sum <= smaller; sum++) tail += at(shares, sum)
  return Math.min(1, 2 * tail)
}
