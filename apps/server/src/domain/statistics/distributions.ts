import erfc from '@stdlib/math-base-special-erfc'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import logGammaOf from '@stdlib/math-base-special-gammaln'
import betainc from '@stdlib/math-base-special-kernel-betainc'
import betaincinv from '@stdlib/math-base-special-kernel-betaincinv'

/*
 * The special functions come from @stdlib, which agrees with scipy and mpmath to 1e-9 or better far into the tails;
 * jstat, in comparison, is right to about 1e-6 and underflows to 0 beyond 1e-16. Each function here picks
 * the tail in which its argument keeps its digits.
 */

/** P(Z <= z) for a standard normal Z. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2
}

/** P(|Z| >= |z|). */
export function normalTwoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/** z with P(Z <= z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return -Math.SQRT2 * erfcinv(2 * p)
}

/** The half-width of a two-sided normal interval in standard errors, e.g. 1.96 for 0.95. */
export function normalCritical(confidence: number): number {
  return Math.SQRT2 * erfcinv(1 - confidence)
}

/** P(|T| >= |t|) for Student's t with `df` degrees of freedom (any positive real). */
export function tTwoSidedP(t: number, df: number): number {
  const square = t * t
  return square < df ? beta(square / (df + square), 0.5, df / 2, true) : beta(df / (df + square), df / 2, 0.5, false)
}

/** The half-width of a two-sided t interval in standard errors: t with P(|T| >= t) = 1 - confidence. */
export function tCritical(confidence: number, df: number): number {
  const [tail = 0, rest = 0] = betaincinv(df / 2, 0.5, 1 - confidence, confidence)
  return Math.sqrt((df * rest) / tail)
}

/** P(F >= f) for the F distribution. */
export function fUpperP(f: number, dfTop: number, dfBottom: number): number {
  return beta(dfBottom / (dfBottom + dfTop * f), dfBottom / 2, dfTop / 2, false)
}

/** f with P(F <= f) = p, 0 < p < 1. */
export function fQuantile(p: number, dfTop: number, dfBottom: number): number {
  const [share = 0, rest = 0] = betaincinv(dfTop / 2, dfBottom / 2, p, 1 - p)
  return (dfBottom * share) / (dfTop * rest)
}

/** P(X <= successes) for X binomial with `n` trials of probability `p`. */
export function binomialCdf(successes: number, n: number, p: number): number {
  if (successes < 0) return 0
  if (successes >= n) return 1
  return beta(1 - p, n - successes, successes + 1, false)
}

/** P(X = successes). */
export function binomialPmf(successes: number, n: number, p: number): number {
  return Math.exp(logChoose(n, successes) + successes * Math.log(p) + (n - successes) * Math.log1p(-p))
}

/** Natural logarithm of n over k. */
export function logChoose(n: number, k: number): number {
  return logGammaOf(n + 1) - logGammaOf(k + 1) - logGammaOf(n - k + 1)
}

/** Beyond this noncentrality the weights of the series underflow. */
const largestNoncentrality = 37
/** Enough that the step is far below the width of the integrand, even for t in the hundreds. */
const integrationSteps = 20_000

/**
 * P(T <= t) for noncentral t: algorithm AS 243 (Lenth 1989), as in R's pt(t, df, ncp). Absolute error about 1e-12.
 */
export function noncentralTCdf(t: number, df: number, noncentrality: number): number {
  if (t < 0) return 1 - noncentralTCdf(-t, df, -noncentrality)
  if (Math.abs(noncentrality) > largestNoncentrality) return integrateNoncentralT(t, df, noncentrality)
  const below = normalCdf(-noncentrality)
  const x = (t * t) / (t * t + df)
  if (x === 0) return below
  const half = (noncentrality * noncentrality) / 2
  const b = df / 2
  let a = 0.5
  let weightOdd = 0.5 * Math.exp(-half)
  let weightEven = Math.sqrt(2 / Math.PI) * weightOdd * noncentrality
  let remaining = 0.5 - weightOdd
  const power = Math.exp(b * Math.log1p(-x))
  let odd = beta(x, a, b, false)
  let even = 1 - power
  let stepOdd = 2 * power * Math.exp(a * Math.log(x) + logGammaOf(a + b) - logGammaOf(a) - logGammaOf(b))
  let stepEven = b * x * power
  let sum = weightOdd * odd + weightEven * even
  for (let step = 1; step <= 1000; step++) {
    a += 1
    odd -= stepOdd
    even -= stepEven
    stepOdd *= (x * (a + b - 1)) / a
    stepEven *= (x * (a + b - 0.5)) / (a + 0.5)
    weightOdd *= half / step
    weightEven *= half / (step + 0.5)
    remaining -= weightOdd
    sum += weightOdd * odd + weightEven * even
    // Near the top of the weights the remainder can be slightly negative through rounding.
    if (remaining < -1e-10 || (step > half && 2 * Math.abs(remaining * (odd - stepOdd)) < 1e-13)) break
  }
  return Math.min(1, Math.max(0, sum + below))
}

/** E[normalCdf(t S - noncentrality)] over S = sqrt(chi-squared / df), by Simpson's rule over 12 standard deviations. */
function integrateNoncentralT(t: number, df: number, noncentrality: number): number {
  const reach = 12 / Math.sqrt(2 * df)
  const from = Math.max(0, 1 - reach)
  const step = (1 + reach - from) / integrationSteps
  const logScale = Math.LN2 + (df / 2) * Math.log(df / 2) - logGammaOf(df / 2)
  let sum = 0
  for (let index = 0; index <= integrationSteps; index++) {
    const s = from + index * step
    const power = df === 1 ? 0 : (df - 1) * Math.log(s)
    const density = Math.exp(logScale + power - (df * s * s) / 2)
    const weight = index === 0 || index === integrationSteps ? 1 : index % 2 === 1 ? 4 : 2
    sum += weight * density * normalCdf(t * s - noncentrality)
  }
  return Math.min(1, (sum * step) / 3)
}

function beta(x: number, a: number, b: number, isUpper: boolean): number {
  return betainc(x, a, b, true, isUpper)[0] ?? 0
}
