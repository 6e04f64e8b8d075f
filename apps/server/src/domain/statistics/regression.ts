import { testMean, type MeanTest } from './mean.ts'
import { momentsOf } from './moments.ts'
import {
  at,
  checkConfidence,
  checkFinite,
  checkSameLength,
  defaultConfidence,
  firstFailure,
  notEnough,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

export interface Line {
  n: number
  /** Null when all x are the same. */
  slope: number | null
  intercept: number | null
  slopeStandardError: number | null
  /** Of the slope against 0; null with fewer than three points, or where the line fits perfectly. */
  test: MeanTest | null
  /** Share of the variance of y that x explains. */
  rSquared: number | null
  warnings: Warning[]
}

/** Least squares of y on x with a t interval of the slope: scipy's `linregress`, R's `lm(y ~ x)`. */
export function fitLine(x: Numbers, y: Numbers, confidence = defaultConfidence): Outcome<Line> {
  const n = x.length
  const failure = firstFailure(
    checkConfidence(confidence),
    checkSameLength(x, y),
    n < 2 ? notEnough(n, 2) : null,
    checkFinite(x),
    checkFinite(y),
  )
  if (failure) return failure
  const across = momentsOf(x)
  const up = momentsOf(y)
  if (across.isConstant) {
    const unknown = { slope: null, intercept: null, slopeStandardError: null, test: null, rSquared: null }
    return { ok: true, n, ...unknown, warnings: [{ code: 'zero-variance' }] }
  }
  let products = 0
  for (let index = 0; index < n; index++) products += (at(x, index) - across.mean) * (at(y, index) - up.mean)
  const slope = products / across.squares
  let residuals = 0
  for (let index = 0; index < n; index++) {
    residuals += (at(y, index) - up.mean - slope * (at(x, index) - across.mean)) ** 2
  }
  const isPerfect = residuals <= 1e-24 * up.squares || up.isConstant
  const slopeStandardError = n > 2 ? Math.sqrt(residuals / (n - 2) / across.squares) : null
  const canTest = slopeStandardError !== null && !isPerfect
  return {
    ok: true,
    n,
    slope: up.isConstant ? 0 : slope,
    intercept: up.mean - slope * across.mean,
    slopeStandardError,
    test: canTest ? testMean(slope, slopeStandardError, n - 2, confidence) : null,
    rSquared: up.isConstant ? null : 1 - residuals / up.squares,
    warnings: isPerfect ? [{ code: 'zero-variance' }] : [],
  }
}

export interface LengthBias extends Line {
  /** Points that an answer of twice the length gets more: slope times log 2. */
  pointsPerDoubling: number | null
}

/**
 * Does the judge reward length? Score on the natural logarithm of the answer's length; empty answers have
 * none and are left out, counted.
 */
export function measureLengthBias(scores: Numbers, lengths: Numbers, confidence?: number): Outcome<LengthBias> {
  const failure = firstFailure(checkSameLength(scores, lengths), checkFinite(lengths))
  if (failure) return failure
  const kept = Array.from(lengths, (_, index) => index).filter((index) => at(lengths, index) > 0)
  const line = fitLine(
    kept.map((index) => Math.log(at(lengths, index))),
    kept.map((index) => at(scores, index)),
    confidence,
  )
  if (!line.ok) return line
  const dropped = lengths.length - kept.length
  const warnings: Warning[] = dropped > 0 ? [...line.warnings, { code: 'non-positive-values', dropped }] : line.warnings
  return { ...line, warnings, pointsPerDoubling: line.slope === null ? null : line.slope * Math.LN2 }
}
