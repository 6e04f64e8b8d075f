import { fQuantile } from './distributions.ts'
import { estimateMean, type MeanEstimate } from './mean.ts'
import { momentsOf } from './moments.ts'
import {
  at,
  badArgument,
  checkConfidence,
  checkCount,
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

export interface VarianceComponents {
  cases: number
  observations: number
  /** Repeats per case as the method counts them (n0); the plain number when all cases have the same. */
  repeats: number
  /** Variance of the cases' true means, and of repeats around them. */
  betweenVariance: number
  withinVariance: number
  /** Share of the variance of one answer that is between cases, ICC(1); null where nothing varies. */
  icc: number | null
  iccInterval: Interval | null
  warnings: Warning[]
}

/**
 * One-way random effects by analysis of variance (Searle, Casella and McCulloch 1992, section 3.6;
 * `ICC1` of R's psych, and lme4's REML where all cases have the same repeats and no component is negative).
 * The interval of the ICC is exact for equal repeats (McGraw and Wong 1996) and approximate otherwise.
 *
 * @param caseOf the case of each score, as small whole numbers (`indexClusters`)
 */
export function estimateComponents(
  caseOf: Numbers,
  scores: Numbers,
  confidence = defaultConfidence,
): Outcome<VarianceComponents> {
  const failure = firstFailure(checkConfidence(confidence), checkSameLength(caseOf, scores), checkFinite(scores))
  if (failure) return failure
  const byCase = new Map<number, number[]>()
  for (let index = 0; index < scores.length; index++) {
    const list = byCase.get(at(caseOf, index))
    if (list) list.push(at(scores, index))
    else byCase.set(at(caseOf, index), [at(scores, index)])
  }
  const cases = byCase.size
  const observations = scores.length
  if (cases < 2) return notEnough(cases, 2)
  // Without a repeated case there is nothing to tell noise from difference.
  if (observations === cases) return notEnough(observations, cases + 1)

  const grand = momentsOf(scores)
  let [within, between, sizes] = [0, 0, 0]
  for (const list of byCase.values()) {
    const { mean, squares } = momentsOf(list)
    within += squares
    between += list.length * (mean - grand.mean) ** 2
    sizes += list.length ** 2
  }
  const dfBetween = cases - 1
  const dfWithin = observations - cases
  const repeats = (observations - sizes / observations) / dfBetween
  const withinVariance = within / dfWithin
  const meanSquare = grand.isConstant ? 0 : between / dfBetween
  const raw = (meanSquare - withinVariance) / repeats
  const betweenVariance = Math.max(0, raw)
  const total = betweenVariance + withinVariance
  const warnings: Warning[] = []
  if (sizes * cases !== observations ** 2) warnings.push({ code: 'unbalanced-repeats' })
  if (raw < 0) warnings.push({ code: 'negative-variance-component' })
  if (total === 0 || withinVariance === 0) warnings.push({ code: 'zero-variance' })

  const canTest = withinVariance > 0 && meanSquare > 0
  const ratio = canTest ? meanSquare / withinVariance : 0
  const tail = 1 - (1 - confidence) / 2
  const iccOf = (f: number) => Math.max(0, (f - 1) / (f + repeats - 1))
  const iccInterval = canTest
    ? {
        lower: iccOf(ratio / fQuantile(tail, dfBetween, dfWithin)),
        upper: iccOf(ratio * fQuantile(tail, dfWithin, dfBetween)),
        confidence,
      }
    : null
  return {
    ok: true,
    cases,
    observations,
    repeats,
    betweenVariance,
    withinVariance,
    icc: total === 0 ? null : betweenVariance / total,
    iccInterval,
    warnings,
  }
}

export interface RepeatPlan {
  repeats: number
  /** Of the mean over the cases. */
  standardError: number
  /** Over the standard error at `from` repeats: 0.9 is an interval 10% narrower. */
  relative: number
  /** Share of the error variance that comes from repeats rather than from the choice of cases. */
  noiseShare: number
}

/**
 * What more repeats would do for the standard error of the mean, sqrt((between + within / repeats) / cases),
 * and what no number of them can go below. Where noise has a small share, more cases help and repeats do not.
 */
export function planRepeats(
  { betweenVariance, withinVariance }: Pick<VarianceComponents, 'betweenVariance' | 'withinVariance'>,
  cases: number,
  from: number,
  options: readonly number[],
): Outcome<{ plans: RepeatPlan[]; floor: { standardError: number; relative: number } }> {
  const total = betweenVariance + withinVariance
  const failure = firstFailure(
    checkCount('cases', cases, 1),
    checkCount('from', from, 1),
    ...options.map((repeats) => checkCount('options', repeats, 1)),
    betweenVariance >= 0 && withinVariance >= 0 && Number.isFinite(total) && total > 0
      ? null
      : badArgument('withinVariance', 'Give variances of which at least one is above 0.'),
  )
  if (failure) return failure
  const errorAt = (repeats: number) => Math.sqrt((betweenVariance + withinVariance / repeats) / cases)
  const now = errorAt(from)
  const plans = options.map((repeats) => {
    const noise = withinVariance / repeats
    const standardError = errorAt(repeats)
    return { repeats, standardError, relative: standardError / now, noiseShare: noise / (betweenVariance + noise) }
  })
  const least = Math.sqrt(betweenVariance / cases)
  return { ok: true, plans, floor: { standardError: least, relative: least / now } }
}

/**
 * Unbiased chance that at least one of `k` repeats passes, from `passes` of `repeats`: 1 - C(n - c, k) / C(n, k)
 * (pass@k, Chen et al. 2021, arXiv 2107.03374).
 */
export function passAtK(passes: number, repeats: number, k: number): Outcome<{ share: number }> {
  const failure = checkPasses(passes, repeats, k)
  return failure ?? { ok: true, share: 1 - allOf(repeats - passes, repeats, k) }
}

/** Unbiased chance that all of `k` repeats pass: C(c, k) / C(n, k) (pass^k, Yao et al. 2024, arXiv 2406.12045). */
export function passAllK(passes: number, repeats: number, k: number): Outcome<{ share: number }> {
  const failure = checkPasses(passes, repeats, k)
  return failure ?? { ok: true, share: allOf(passes, repeats, k) }
}

/** pass@k or pass^k over cases: the mean of the cases' shares. Cases with fewer than `k` repeats are left out, counted. */
export function averagePasses(
  cases: readonly { passes: number; repeats: number; cluster?: number }[],
  k: number,
  rule: 'at-least-one' | 'all',
  confidence = defaultConfidence,
): Outcome<MeanEstimate> {
  const usable = cases.filter(({ repeats }) => repeats >= k)
  const shares: number[] = []
  for (const { passes, repeats } of usable) {
    const share = rule === 'all' ? passAllK(passes, repeats, k) : passAtK(passes, repeats, k)
    if (!share.ok) return share
    shares.push(share.share)
  }
  const clusters = usable.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster]))
  const isClustered = clusters.length === usable.length && usable.length > 0
  const estimate = estimateMean(shares, { confidence, ...(isClustered && { clusters }) })
  if (!estimate.ok) return estimate
  const dropped = cases.length - usable.length
  const warnings: Warning[] =
    dropped > 0 ? [...estimate.warnings, { code: 'too-few-repeats', dropped }] : estimate.warnings
  return { ...estimate, warnings }
}

/** C(some, k) / C(all, k), as a product that neither overflows nor loses digits. */
function allOf(some: number, all: number, k: number): number {
  let share = 1
  for (let taken = 0; taken < k; taken++) share *= Math.max(0, some - taken) / (all - taken)
  return share
}

function checkPasses(passes: number, repeats: number, k: number) {
  return firstFailure(
    checkCount('passes', passes),
    checkCount('repeats', repeats, 1),
    checkCount('k', k, 1),
    passes > repeats ? badArgument('passes', `Give at most the repeats, which are ${repeats}.`) : null,
    repeats < k ? notEnough(repeats, k) : null,
  )
}
