import { bootstrapUnits, type BootstrapOptions } from './bootstrap.ts'
import { passRate, testMcNemar, type Rate } from './rates.ts'
import {
  at,
  checkFinite,
  checkSameLength,
  firstFailure,
  notEnough,
  type Interval,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

/** A coefficient of agreement: 1 is perfect, 0 what chance would give; null where it is undefined. */
export interface Coefficient {
  value: number | null
  /** Percentile bootstrap over units; null without a bootstrap, or where mostly undefined. */
  interval: Interval | null
}

export interface Agreement {
  n: number
  /** Share of exactly equal ratings, with its Wilson interval. */
  exact: Rate
  /** Cohen's kappa (1960): every disagreement counts the same. */
  kappa: Coefficient
  /** Cohen's kappa with quadratic weights (1968): disagreement counts by its square, as fits scores. */
  quadraticKappa: Coefficient
  warnings: Warning[]
}

export interface AgreementOptions {
  bootstrap?: BootstrapOptions
}

/**
 * Agreement of two raters, e.g. a human and the judge. Weights are squared distances of the scores
 * themselves, so a score that nobody gave changes nothing: scikit-learn's `cohen_kappa_score(weights=
 * 'quadratic')` with all evenly spaced scores as `labels`.
 */
export function measureAgreement(first: Numbers, second: Numbers, options: AgreementOptions = {}): Outcome<Agreement> {
  const n = first.length
  const failure = firstFailure(
    checkSameLength(first, second),
    n === 0 ? notEnough(0, 1) : null,
    checkFinite(first),
    checkFinite(second),
  )
  if (failure) return failure

  const kappas = createKappas(first, second)
  const everyUnit = Int32Array.from({ length: n }, (_, unit) => unit)
  const [kappa = null, quadraticKappa = null] = kappas(everyUnit)
  const resampled = options.bootstrap ? bootstrapUnits(n, kappas, options.bootstrap) : null
  if (resampled && !resampled.ok) return resampled
  let equal = 0
  for (let unit = 0; unit < n; unit++) if (at(first, unit) === at(second, unit)) equal += 1
  const exact = passRate(equal, n, options.bootstrap?.confidence)
  if (!exact.ok) return exact
  const warnings: Warning[] = kappa === null ? [{ code: 'single-category' }] : []
  const [kappaInterval = null, quadraticInterval = null] = resampled?.intervals ?? []
  return {
    ok: true,
    n,
    exact,
    kappa: { value: kappa, interval: kappa === null ? null : kappaInterval },
    quadraticKappa: { value: quadraticKappa, interval: quadraticKappa === null ? null : quadraticInterval },
    warnings: [...warnings, ...(resampled?.warnings ?? [])],
  }
}

/** Both kappas of the units drawn; null where there is only one category. */
function createKappas(first: Numbers, second: Numbers): (draws: Int32Array) => (number | null)[] {
  const codes = new Map<number, number>()
  const codeOf = (value: number) => {
    const known = codes.get(value) ?? codes.size
    codes.set(value, known)
    return known
  }
  const firstCodes = Int32Array.from(first, codeOf)
  const secondCodes = Int32Array.from(second, codeOf)
  const origin = at(first, 0)
  return (draws) => {
    const n = draws.length
    const firstCounts = new Float64Array(codes.size)
    const secondCounts = new Float64Array(codes.size)
    let equal = 0
    let [apart, firstSum, secondSum, firstSquares, secondSquares] = [0, 0, 0, 0, 0]
    for (const unit of draws) {
      const firstCode = at(firstCodes, unit)
      const secondCode = at(secondCodes, unit)
      firstCounts[firstCode] = at(firstCounts, firstCode) + 1
      secondCounts[secondCode] = at(secondCounts, secondCode) + 1
      if (firstCode === secondCode) equal += 1
      const a = at(first, unit) - origin
      const b = at(second, unit) - origin
      apart += (a - b) ** 2
      firstSum += a
      secondSum += b
      firstSquares += a * a
      secondSquares += b * b
    }
    let chance = 0
    for (let code = 0; code < codes.size; code++) chance += at(firstCounts, code) * at(secondCounts, code)
    // Squared distance of a random rating of the one from a random rating of the other.
    const expectedApart = firstSquares + secondSquares - (2 * firstSum * secondSum) / n
    return [
      chance === n * n ? null : (n * equal - chance) / (n * n - chance),
      chance === n * n || expectedApart <= 0 ? null : 1 - apart / expectedApart,
    ]
  }
}

export interface TestRetest extends Agreement {
  /** Share of ratings that differ by at most 1. */
  withinOne: Rate
  meanAbsoluteDifference: number
  /** Standard deviation of one rating around the judge's own mean for the answer: sqrt(sum d^2 / 2n). */
  noiseSd: number
}

/** How well a judge agrees with itself: two ratings of the same answers. */
export function measureTestRetest(
  first: Numbers,
  second: Numbers,
  options: AgreementOptions = {},
): Outcome<TestRetest> {
  const agreement = measureAgreement(first, second, options)
  if (!agreement.ok) return agreement
  const { n } = agreement
  let [near, absolute, squares] = [0, 0, 0]
  for (let unit = 0; unit < n; unit++) {
    const distance = Math.abs(at(first, unit) - at(second, unit))
    // Scores such as 0.1 steps: 1 apart must not fall out by rounding.
    if (distance <= 1 + 1e-9) near += 1
    absolute += distance
    squares += distance * distance
  }
  const withinOne = passRate(near, n, options.bootstrap?.confidence)
  if (!withinOne.ok) return withinOne
  return { ...agreement, withinOne, meanAbsoluteDifference: absolute / n, noiseSd: Math.sqrt(squares / 2 / n) }
}

/** Who wins a comparison of answers a and b. */
export type Winner = 'a' | 'b' | 'tie'

export interface OrderSwap {
  n: number
  /** Pairs with the same winner in both orders. */
  consistent: Rate
  /** Pairs in which whoever was shown first won both times, and whoever was second. */
  firstAlways: number
  secondAlways: number
  /** Pairs with a tie in one order and a winner in the other. */
  halfTies: number
  /** Exact sign test of no position bias, over the pairs that the order turns round. */
  positionBiasP: number
}

/** Order-swap consistency of a pairwise judge: verdicts with a shown first, and with b shown first. */
export function measureOrderSwap(
  aFirst: readonly Winner[],
  bFirst: readonly Winner[],
  confidence?: number,
): Outcome<OrderSwap> {
  const failure = checkSameLength(aFirst, bFirst)
  if (failure) return failure
  const n = aFirst.length
  let [same, firstAlways, secondAlways] = [0, 0, 0]
  aFirst.forEach((winner, index) => {
    const swapped = bFirst[index]
    if (winner === swapped) same += 1
    else if (winner === 'a' && swapped === 'b') firstAlways += 1
    else if (winner === 'b' && swapped === 'a') secondAlways += 1
  })
  const consistent = passRate(same, n, confidence)
  if (!consistent.ok) return consistent
  const bias = testMcNemar(firstAlways, secondAlways)
  if (!bias.ok) return bias
  const halfTies = n - same - firstAlways - secondAlways
  return { ok: true, n, consistent, firstAlways, secondAlways, halfTies, positionBiasP: bias.exactP }
}
