/**
 * What statistical functions answer with. They never return NaN or Infinity: what cannot be computed is
 * a failure with its reason, or a null beside a warning that says why.
 */
export type Outcome<Value extends object> = ({ ok: true } & Value) | Failure

export type Failure =
  | { ok: false; reason: 'not-enough-data'; have: number; need: number }
  | { ok: false; reason: 'length-mismatch'; lengths: readonly number[] }
  /** A value that is NaN, infinite or beyond 1e75, and where it stands. */
  | { ok: false; reason: 'not-finite'; index: number }
  /** A value outside the bounds that were promised, and where it stands. */
  | { ok: false; reason: 'out-of-bounds'; index: number; value: number; lower: number; upper: number }
  | { ok: false; reason: 'bad-argument'; argument: string; mend: string }

/** What a reader must know about a result before trusting it. */
export type Warning =
  /** All values are the same: no test and no interval can be given. */
  | { code: 'zero-variance' }
  /** No pair, or no two values, differ: a rank test has nothing to rank. */
  | { code: 'all-ties' }
  /** So few pairs that the t interval leans on normality. */
  | { code: 'too-few-pairs'; have: number; recommended: number }
  | { code: 'few-clusters'; have: number; recommended: number }
  /** One cluster holds most of the cases, so the result is mostly about that cluster. */
  | { code: 'dominant-cluster'; share: number }
  /** Cases that only one side has; they are not in the comparison. */
  | { code: 'unpaired-cases'; onlyBaseline: number; onlyCandidate: number }
  /** The sides share cases but were compared as if independent; the interval is too wide or too narrow. */
  | { code: 'overlapping-cases'; shared: number }
  /** The bootstrap distribution is one-sided or a single value; the plain percentile interval is given. */
  | { code: 'degenerate-bootstrap' }
  /** Resamples in which the statistic was undefined; the interval rests on the others. */
  | { code: 'undefined-resamples'; share: number }
  /** The quantile lies so far out that few values are beyond it. */
  | { code: 'extreme-quantile'; beyond: number; recommended: number }
  /** Zero or negative values have no logarithm; they are left out of a ratio. */
  | { code: 'non-positive-values'; dropped: number }
  /** Cases have different numbers of repeats, so the interval is approximate. */
  | { code: 'unbalanced-repeats' }
  /** Within-case noise explains all differences between cases; the component is set to 0. */
  | { code: 'negative-variance-component' }
  /** Cases with fewer repeats than asked for; they are left out. */
  | { code: 'too-few-repeats'; dropped: number }
  /** Units with fewer than two ratings say nothing about agreement; they are left out. */
  | { code: 'unpairable-units'; dropped: number }
  /** There is only one category in the data, so agreement beyond chance is undefined. */
  | { code: 'single-category' }
  /** The estimate left its possible range and was moved to the end of it. */
  | { code: 'estimate-out-of-range'; raw: number }
  /** The judge is hardly better than chance, so correcting its rate says little. */
  | { code: 'uninformative-judge'; youden: number }
  /** The running intersection became empty: the mean drifts, or this is the one sequence in 1/alpha. */
  | { code: 'empty-sequence' }

export interface Interval {
  lower: number
  upper: number
  /** Between 0 and 1, e.g. 0.95. */
  confidence: number
}

/** Any list of numbers; typed arrays are the fast ones. */
export type Numbers = ArrayLike<number>

export const defaultConfidence = 0.95

export const notEnough = (have: number, need: number): Failure => ({ ok: false, reason: 'not-enough-data', have, need })

export const badArgument = (argument: string, mend: string): Failure => ({
  ok: false,
  reason: 'bad-argument',
  argument,
  mend,
})

/** The first failure, or null when all checks passed (a check gives null when it passes). */
export function firstFailure(...checks: (Failure | null)[]): Failure | null {
  return checks.find((check) => check !== null) ?? null
}

/** Beyond this a square of a square is no longer finite, and nothing that anybody measures lies there. */
const largestValue = 1e75

export function checkFinite(values: Numbers): Failure | null {
  for (let index = 0; index < values.length; index++) {
    // Written so that NaN fails too.
    if (!(Math.abs(at(values, index)) <= largestValue)) return { ok: false, reason: 'not-finite', index }
  }
  return null
}

export function checkSameLength(...lists: ArrayLike<unknown>[]): Failure | null {
  const lengths = lists.map((list) => list.length)
  return lengths.every((length) => length === lengths[0]) ? null : { ok: false, reason: 'length-mismatch', lengths }
}

export function checkConfidence(confidence: number): Failure | null {
  return checkShare('confidence', confidence)
}

/** A share strictly between 0 and 1. */
export function checkShare(argument: string, share: number): Failure | null {
  return share > 0 && share < 1 ? null : badArgument(argument, 'Give a number between 0 and 1, without the ends.')
}

export function checkPositive(argument: string, value: number): Failure | null {
  return value > 0 && Number.isFinite(value) ? null : badArgument(argument, 'Give a number above 0.')
}

/** A whole number from `least` on. */
export function checkCount(argument: string, count: number, least = 0): Failure | null {
  return Number.isSafeInteger(count) && count >= least
    ? null
    : badArgument(argument, `Give a whole number from ${least} on.`)
}

/** The value at a place that is known to exist; an error of the program, not of the data, otherwise. */
export function at(values: Numbers, index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError(`There is no value ${index} in a list of ${values.length}.`)
  return value
}
