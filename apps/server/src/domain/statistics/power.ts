import { noncentralTCdf, normalCdf, normalCritical, normalQuantile, tCritical } from './distributions.ts'
import {
  badArgument,
  checkCount,
  checkPositive,
  checkShare,
  firstFailure,
  type Failure,
  type Outcome,
} from './result.ts'

export interface PowerGoal {
  /** Two-sided level; 0.05 unless said otherwise. */
  alpha?: number
  /** The chance to find a difference that is there; 0.8 unless said otherwise. */
  power?: number
}

/**
 * `paired`: `sd` is that of the differences, `cases` the pairs. `unpaired`: `sd` is that within each side,
 * `cases` those of each side. Differences and sd have the unit of the score.
 */
export interface MeanDesign {
  design: 'paired' | 'unpaired'
  sd: number
}

const defaultAlpha = 0.05
const defaultPower = 0.8
/** More cases than this are no answer to anybody. */
const mostCases = 1e8

/**
 * Chance that a two-sided t test finds `difference`, by the noncentral t distribution and counting both
 * tails: statsmodels `TTestPower` and `TTestIndPower`, R `power.t.test(strict=TRUE)`.
 */
export function powerOfMeans(
  { design, sd }: MeanDesign,
  cases: number,
  difference: number,
  alpha = defaultAlpha,
): Outcome<{ power: number }> {
  const failure = firstFailure(
    checkPositive('sd', sd),
    checkCount('cases', cases, 2),
    Number.isFinite(difference) ? null : badArgument('difference', 'Give a number.'),
    checkShare('alpha', alpha),
  )
  return failure ?? { ok: true, power: tPower(design, cases, Math.abs(difference) / sd, alpha) }
}

/** The smallest true difference that `cases` cases find with the wanted power. */
export function detectableDifference(
  { design, sd }: MeanDesign,
  cases: number,
  goal: PowerGoal = {},
): Outcome<{ difference: number }> {
  const { alpha = defaultAlpha, power = defaultPower } = goal
  const failure = firstFailure(checkPositive('sd', sd), checkCount('cases', cases, 2), checkGoal(alpha, power))
  if (failure) return failure
  let high = 1
  while (tPower(design, cases, high, alpha) < power) high *= 2
  const effect = bisect(0, high, (value) => tPower(design, cases, value, alpha) >= power)
  return { ok: true, difference: effect * sd }
}

/** The fewest cases (of each side when unpaired) that find a true difference with the wanted power. */
export function neededCases(
  { design, sd }: MeanDesign,
  difference: number,
  goal: PowerGoal = {},
): Outcome<{ cases: number }> {
  const { alpha = defaultAlpha, power = defaultPower } = goal
  const size = Math.abs(difference)
  const failure = firstFailure(checkPositive('sd', sd), checkPositive('difference', size), checkGoal(alpha, power))
  if (failure) return failure
  return fewest(2, (cases) => tPower(design, cases, size / sd, alpha) >= power)
}

/**
 * Cases of each side that tell two independent rates apart: normal approximation with pooled variance under
 * no difference, R `power.prop.test`.
 */
export function neededCasesForRates(
  baseline: number,
  candidate: number,
  goal: PowerGoal = {},
): Outcome<{ cases: number }> {
  const { alpha = defaultAlpha, power = defaultPower } = goal
  const failure = firstFailure(
    checkShare('baseline', baseline),
    checkShare('candidate', candidate),
    checkPositive('difference', Math.abs(candidate - baseline)),
    checkGoal(alpha, power),
  )
  return failure ?? fewest(1, (cases) => ratePower(baseline, candidate, cases, alpha) >= power)
}

/**
 * How far a candidate's rate must lie above or below the baseline's to be told apart; null where even 1, or
 * 0, would not be.
 */
export function detectableRates(
  baseline: number,
  cases: number,
  goal: PowerGoal = {},
): Outcome<{ above: number | null; below: number | null }> {
  const { alpha = defaultAlpha, power = defaultPower } = goal
  const failure = firstFailure(checkShare('baseline', baseline), checkCount('cases', cases, 1), checkGoal(alpha, power))
  if (failure) return failure
  const reach = (end: number) => {
    const finds = (share: number) => ratePower(baseline, baseline + share * (end - baseline), cases, alpha) >= power
    return finds(1) ? baseline + bisect(0, 1, finds) * (end - baseline) : null
  }
  return { ok: true, above: reach(1), below: reach(0) }
}

/**
 * Pairs that find a true difference of paired rates when a share `discordant` of the cases is passed by one
 * side only: McNemar's test by the normal approximation of Connor 1987.
 */
export function neededPairsForRates(
  discordant: number,
  difference: number,
  goal: PowerGoal = {},
): Outcome<{ cases: number }> {
  const { alpha = defaultAlpha, power = defaultPower } = goal
  const size = Math.abs(difference)
  const failure = firstFailure(
    checkShare('discordant', discordant),
    checkPositive('difference', size),
    size > discordant ? badArgument('difference', 'It cannot be larger than the discordant share.') : null,
    checkGoal(alpha, power),
  )
  if (failure) return failure
  const pairs = connorPairs(discordant, size, alpha, power)
  return pairs > mostCases ? tooMany() : { ok: true, cases: Math.ceil(pairs - 1e-9) }
}

/** The smallest paired difference of rates that `cases` pairs find; null where none within the discordant share is. */
export function detectablePairedRates(
  discordant: number,
  cases: number,
  goal: PowerGoal = {},
): Outcome<{ difference: number | null }> {
  const { alpha = defaultAlpha, power = defaultPower } = goal
  const failure = firstFailure(
    checkShare('discordant', discordant),
    checkCount('cases', cases, 1),
    checkGoal(alpha, power),
  )
  if (failure) return failure
  const finds = (size: number) => connorPairs(discordant, size, alpha, power) <= cases
  return { ok: true, difference: finds(discordant) ? bisect(0, discordant, finds) : null }
}

function tPower(design: MeanDesign['design'], cases: number, effect: number, alpha: number): number {
  const df = design === 'paired' ? cases - 1 : 2 * cases - 2
  const shift = effect * Math.sqrt(design === 'paired' ? cases : cases / 2)
  const critical = tCritical(1 - alpha, df)
  return 1 - noncentralTCdf(critical, df, shift) + noncentralTCdf(-critical, df, shift)
}

function ratePower(first: number, second: number, cases: number, alpha: number): number {
  const middle = (first + second) / 2
  const spread = Math.sqrt(first * (1 - first) + second * (1 - second))
  const lead =
    Math.sqrt(cases) * Math.abs(first - second) - normalCritical(1 - alpha) * Math.sqrt(2 * middle * (1 - middle))
  return normalCdf(lead / spread)
}

function connorPairs(discordant: number, size: number, alpha: number, power: number): number {
  const spread = normalCritical(1 - alpha) * Math.sqrt(discordant)
  return ((spread + normalQuantile(power) * Math.sqrt(discordant - size * size)) / size) ** 2
}

/** The smallest value between the ends for which the (monotone) question is true, to the last digits. */
function bisect(low: number, high: number, isEnough: (value: number) => boolean): number {
  let [below, above] = [low, high]
  for (let step = 0; step < 100 && above - below > 1e-15 * above; step++) {
    const middle = (below + above) / 2
    if (isEnough(middle)) above = middle
    else below = middle
  }
  return above
}

function fewest(least: number, isEnough: (cases: number) => boolean): Outcome<{ cases: number }> {
  let high = least
  while (!isEnough(high)) {
    high *= 2
    if (high > mostCases) return tooMany()
  }
  let low = Math.max(least - 1, Math.floor(high / 2))
  if (high === least) return { ok: true, cases: least }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return { ok: true, cases: high }
}

const tooMany = (): Failure =>
  badArgument('difference', `Ask for a larger one: this takes more than ${mostCases} cases.`)

function checkGoal(alpha: number, power: number): Failure | null {
  return (
    checkShare('alpha', alpha) ??
    checkShare('power', power) ??
    (power > alpha ? null : badArgument('power', 'Ask for more than alpha, which chance alone gives.'))
  )
}
