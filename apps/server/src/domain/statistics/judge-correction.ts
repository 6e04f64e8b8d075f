import { normalCritical } from './distributions.ts'
import { momentsOf } from './moments.ts'
import { passRate, type Rate } from './rates.ts'
import {
  at,
  checkConfidence,
  checkFinite,
  checkSameLength,
  defaultConfidence,
  firstFailure,
  notEnough,
  type Interval,
  type Numbers,
  type Outcome,
  type Warning,
} from './result.ts'

export interface LabelledScores {
  /** What a human said, and what the judge said, of the same answers. */
  human: Numbers
  judge: Numbers
}

export interface PoweredMean {
  /** Mean human score over all answers, labelled or not. */
  mean: number
  standardError: number
  interval: Interval
  /** 0: the judge is not used at all; 1: fully. Tuned to the smallest variance. */
  lambda: number
  /** The human labels alone. */
  humanMean: number
  humanStandardError: number
  /** How many human labels would be as precise without the judge. */
  effectiveLabels: number
  warnings: Warning[]
}

const recommendedLabels = 30

/**
 * Prediction-powered mean, PPI++ (Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453): human
 * labels on a random part of the answers correct the judge's scores on all others. The power tuning is
 * lambda = Cov(human, judge) / ((1 + n/N) Var(judge)), held to 0..1; variances with n - 1; normal interval.
 *
 * @param unlabelled the judge's scores of answers that no human looked at
 */
export function predictionPoweredMean(
  { human, judge }: LabelledScores,
  unlabelled: Numbers,
  confidence = defaultConfidence,
): Outcome<PoweredMean> {
  const n = human.length
  const failure = firstFailure(
    checkConfidence(confidence),
    checkSameLength(human, judge),
    n < 2 ? notEnough(n, 2) : null,
    unlabelled.length < 2 ? notEnough(unlabelled.length, 2) : null,
    checkFinite(human),
    checkFinite(judge),
    checkFinite(unlabelled),
  )
  if (failure) return failure

  const more = unlabelled.length
  const humans = momentsOf(human)
  const judged = momentsOf(judge)
  const rest = momentsOf(unlabelled)
  let products = 0
  for (let index = 0; index < n; index++)
    products += (at(human, index) - humans.mean) * (at(judge, index) - judged.mean)
  const all = new Float64Array(n + more)
  all.set(judge)
  all.set(unlabelled, n)
  const judgeVariance = momentsOf(all).squares / (n + more - 1)
  const tuned = judgeVariance === 0 ? 0 : products / (n - 1) / ((1 + n / more) * judgeVariance)
  const lambda = Math.min(1, Math.max(0, tuned))

  const corrections = momentsOf(Float64Array.from(human, (label, index) => label - lambda * at(judge, index)))
  const mean = lambda * rest.mean + corrections.mean
  const variance = (lambda ** 2 * rest.squares) / (more - 1) / more + corrections.squares / (n - 1) / n
  const humanVariance = humans.squares / (n - 1) / n
  const standardError = Math.sqrt(variance)
  const half = normalCritical(confidence) * standardError
  const warnings: Warning[] = []
  if (n < recommendedLabels) warnings.push({ code: 'too-few-pairs', have: n, recommended: recommendedLabels })
  if (variance === 0) warnings.push({ code: 'zero-variance' })
  return {
    ok: true,
    mean,
    standardError,
    interval: { lower: mean - half, upper: mean + half, confidence },
    lambda,
    humanMean: humans.mean,
    humanStandardError: Math.sqrt(humanVariance),
    effectiveLabels: variance === 0 ? n : (n * humanVariance) / variance,
    warnings,
  }
}

/** How a judge that passes and fails did on answers whose truth is known. */
export interface Calibration {
  /** Truly good answers, and how many of them the judge passed. */
  positives: number
  truePositives: number
  /** Truly bad answers, and how many of them the judge failed. */
  negatives: number
  trueNegatives: number
}

export interface CorrectedRate {
  observed: Rate
  sensitivity: Rate
  specificity: Rate
  /** The true pass rate; null when the judge is no better than chance. */
  rate: number | null
  interval: Interval | null
  warnings: Warning[]
}

/** Below this sensitivity + specificity - 1, the correction multiplies all noise by two or more. */
const recommendedYouden = 0.5

/**
 * Pass rate corrected for the judge's errors: (observed + specificity - 1) / (sensitivity + specificity - 1)
 * (Rogan and Gladen 1978), with the interval of Lang and Reiczigel 2014, which counts that all three are
 * estimates; the formulas of `asht::prevSeSp` of R.
 */
export function correctRate(
  passes: number,
  n: number,
  calibration: Calibration,
  confidence = defaultConfidence,
): Outcome<CorrectedRate> {
  const observed = passRate(passes, n, confidence)
  if (!observed.ok) return observed
  const sensitivity = passRate(calibration.truePositives, calibration.positives, confidence)
  if (!sensitivity.ok) return sensitivity
  const specificity = passRate(calibration.trueNegatives, calibration.negatives, confidence)
  if (!specificity.ok) return specificity
  const known = { ok: true as const, observed, sensitivity, specificity }

  const youden = sensitivity.rate + specificity.rate - 1
  const warnings: Warning[] = youden < recommendedYouden ? [{ code: 'uninformative-judge', youden }] : []
  if (youden <= 0) return { ...known, rate: null, interval: null, warnings }

  const z = normalCritical(confidence)
  const cases = n + z * z
  const share = (passes + (z * z) / 2) / cases
  const positives = calibration.positives + 2
  const negatives = calibration.negatives + 2
  const hit = (calibration.truePositives + 1) / positives
  const pass = (calibration.trueNegatives + 1) / negatives
  const lean = hit + pass - 1
  const raw = (observed.rate + specificity.rate - 1) / youden
  if (raw < 0 || raw > 1) warnings.push({ code: 'estimate-out-of-range', raw })
  const rate = clamp(raw)
  // One success and one failure more can take the last bit of evidence from a tiny calibration.
  if (lean <= 0) return { ...known, rate, interval: { lower: 0, upper: 1, confidence }, warnings }

  const centre = (share + pass - 1) / lean
  const hitVariance = (hit * (1 - hit)) / positives
  const passVariance = (pass * (1 - pass)) / negatives
  const shift = 2 * z * z * (centre * hitVariance - (1 - centre) * passVariance)
  const variance =
    ((share * (1 - share)) / cases + centre ** 2 * hitVariance + (1 - centre) ** 2 * passVariance) / lean ** 2
  const half = z * Math.sqrt(variance)
  const lower = clamp(centre + shift - half)
  const upper = clamp(centre + shift + half)
  return { ...known, rate, interval: { lower, upper, confidence }, warnings }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}
