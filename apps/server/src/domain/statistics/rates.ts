import { binomialCdf, binomialPmf, normalCritical } from './distributions.ts'
import {
  at,
  badArgument,
  checkConfidence,
  checkCount,
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

export interface Rate {
  successes: number
  n: number
  /** From 0 to 1. */
  rate: number
  interval: Interval
}

/**
 * Pass rate with the Wilson score interval (Wilson 1927), without continuity correction: statsmodels
 * `proportion_confint(method='wilson')`, R `prop.test(correct=FALSE)`. It stays inside 0 to 1 and does not
 * collapse at 0 of n. For independent cases; with repeats or groups take `estimateMean` of the cases' rates.
 */
export function passRate(successes: number, n: number, confidence = defaultConfidence): Outcome<Rate> {
  const failure = firstFailure(checkConfidence(confidence), checkSuccesses(successes, n))
  if (failure) return failure
  return { ok: true, successes, n, rate: successes / n, interval: wilson(successes, n, confidence) }
}

export interface RateDifference {
  /** Candidate's rate minus baseline's. */
  difference: number
  baseline: Rate
  candidate: Rate
  interval: Interval
}

/**
 * Difference of two independent rates with Newcombe's hybrid score interval (Newcombe 1998a, method 10):
 * statsmodels `confint_proportions_2indep(method='newcomb')`.
 */
export function compareRates(
  baseline: { successes: number; n: number },
  candidate: { successes: number; n: number },
  confidence = defaultConfidence,
): Outcome<RateDifference> {
  const below = passRate(baseline.successes, baseline.n, confidence)
  if (!below.ok) return below
  const above = passRate(candidate.successes, candidate.n, confidence)
  if (!above.ok) return above
  return {
    ok: true,
    difference: above.rate - below.rate,
    baseline: below,
    candidate: above,
    interval: squareAndAdd(below, above, 0, confidence),
  }
}

/** How pairs of passes fall; the four counts add up to the number of cases. */
export interface PairedCounts {
  both: number
  onlyBaseline: number
  onlyCandidate: number
  neither: number
}

export interface McNemarTest {
  /** Pairs on which the sides disagree; all the evidence is in them. */
  discordant: number
  /** Two-sided binomial p: statsmodels `mcnemar(exact=True)`. Never too small, usually too large. */
  exactP: number
  /** Exact minus half the probability of the observed table (Fagerland et al. 2013), closer to the nominal level. */
  midP: number
}

/** McNemar's test of paired passes. No discordant pair gives p = 1 and the warning `all-ties`. */
export function testMcNemar(
  onlyBaseline: number,
  onlyCandidate: number,
): Outcome<McNemarTest & { warnings: Warning[] }> {
  const failure = firstFailure(checkCount('onlyBaseline', onlyBaseline), checkCount('onlyCandidate', onlyCandidate))
  if (failure) return failure
  const discordant = onlyBaseline + onlyCandidate
  if (discordant === 0) return { ok: true, discordant, exactP: 1, midP: 1, warnings: [{ code: 'all-ties' }] }
  const smaller = Math.min(onlyBaseline, onlyCandidate)
  const both = 2 * binomialCdf(smaller, discordant, 0.5)
  const midP = Math.min(1, both - binomialPmf(smaller, discordant, 0.5))
  return { ok: true, discordant, exactP: Math.min(1, both), midP, warnings: [] }
}

export type PairedRateDifference = RateDifference & { test: McNemarTest; warnings: Warning[] }

/**
 * Difference of two rates on the same cases: McNemar's tests and Newcombe's interval for paired data
 * (Newcombe 1998b, method 10: Wilson limits joined with the correlation phi, whose numerator is moved by n/2
 * toward 0 when positive; see also Altman et al., Statistics with Confidence, section 6).
 */
export function comparePairedRates(
  { both, onlyBaseline, onlyCandidate, neither }: PairedCounts,
  confidence = defaultConfidence,
): Outcome<PairedRateDifference> {
  const n = both + onlyBaseline + onlyCandidate + neither
  const failure = firstFailure(checkCount('both', both), checkCount('neither', neither))
  if (failure) return failure
  const test = testMcNemar(onlyBaseline, onlyCandidate)
  if (!test.ok) return test
  const below = passRate(both + onlyBaseline, n, confidence)
  if (!below.ok) return below
  const above = passRate(both + onlyCandidate, n, confidence)
  if (!above.ok) return above

  const product = both * neither - onlyBaseline * onlyCandidate
  const moved = product > 0 ? Math.max(0, product - n / 2) : product
  const margins = below.successes * (n - below.successes) * above.successes * (n - above.successes)
  const phi = margins === 0 ? 0 : moved / Math.sqrt(margins)
  const { discordant, exactP, midP, warnings } = test
  return {
    ok: true,
    // From the counts: the difference of two rounded rates would not be exactly 0 when it is.
    difference: (onlyCandidate - onlyBaseline) / n,
    baseline: below,
    candidate: above,
    interval: squareAndAdd(below, above, phi, confidence),
    test: { discordant, exactP, midP },
    warnings,
  }
}

/** Counts pairs of passes; any number above 0 is a pass. */
export function countPairs(baseline: Numbers, candidate: Numbers): Outcome<PairedCounts> {
  const failure = checkSameLength(baseline, candidate)
  if (failure) return failure
  const counts = { both: 0, onlyBaseline: 0, onlyCandidate: 0, neither: 0 }
  for (let index = 0; index < baseline.length; index++) {
    const isBelow = at(baseline, index) > 0
    const isAbove = at(candidate, index) > 0
    if (isBelow && isAbove) counts.both += 1
    else if (isBelow) counts.onlyBaseline += 1
    else if (isAbove) counts.onlyCandidate += 1
    else counts.neither += 1
  }
  return { ok: true, ...counts }
}

/** The Wilson interval of a rate that need not come from whole numbers. `n` > 0. */
export function wilson(successes: number, n: number, confidence: number): Interval {
  const z = normalCritical(confidence)
  const squared = z * z
  const centre = successes + squared / 2
  const half = z * Math.sqrt((successes * (n - successes)) / n + squared / 4)
  // At the ends the roots are exact; rounding must not leave 1e-17 there.
  const lower = successes === 0 ? 0 : (centre - half) / (n + squared)
  const upper = successes === n ? 1 : (centre + half) / (n + squared)
  return { lower, upper, confidence }
}

/** Zou and Donner's square-and-add of two Wilson intervals with correlation `phi`. */
function squareAndAdd(baseline: Rate, candidate: Rate, phi: number, confidence: number): Interval {
  const difference = candidate.rate - baseline.rate
  const join = (first: number, second: number) =>
    Math.sqrt(Math.max(0, first * first + second * second - 2 * phi * first * second))
  const down = join(candidate.rate - candidate.interval.lower, baseline.interval.upper - baseline.rate)
  const up = join(candidate.interval.upper - candidate.rate, baseline.rate - baseline.interval.lower)
  return { lower: Math.max(-1, difference - down), upper: Math.min(1, difference + up), confidence }
}

function checkSuccesses(successes: number, n: number): Failure | null {
  return (
    checkCount('n', n) ??
    (n === 0 ? notEnough(0, 1) : null) ??
    checkCount('successes', successes) ??
    (successes > n ? badArgument('successes', `Give at most n, which is ${n}.`) : null)
  )
}
