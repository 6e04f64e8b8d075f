import {
  at,
  badArgument,
  checkConfidence,
  checkCount,
  defaultConfidence,
  firstFailure,
  type Failure,
  type Interval,
  type Outcome,
  type Warning,
} from './result.ts'

export interface SequenceOptions {
  /** The bounds that every observation keeps: 1 and 10 for scores, -9 and 9 for their differences. */
  lower: number
  upper: number
  confidence?: number
  /**
   * The number of cases in the suite, when each is seen at most once: the interval is then about the mean
   * over the suite, and closes to a point with the last case. Without it, about the mean of a process.
   */
  populationSize?: number
}

export interface SequenceState {
  observations: number
  /** Plain mean of what was seen; null before the first observation. */
  mean: number | null
  /** Never wider than it was before. */
  interval: Interval
  warnings: Warning[]
}

/**
 * An interval that may be looked at after every observation, for as long as one likes: with probability
 * `confidence` it holds the true mean at all times at once. So a run may be stopped as soon as it excludes 0.
 *
 * The order must say nothing about the values: without a population size, independent observations of one
 * mean; with it, cases in random order. Groups of similar cases in a row break this.
 */
export interface ConfidenceSequence {
  /** Takes the next observation. A failure leaves everything as it was. */
  add: (value: number) => Failure | null
  state: () => SequenceState
}

/** What a method makes of the observations, scaled to 0..1. */
interface Method {
  /** Takes observation number `t` (from 1), after those that sum to `sumBefore`. */
  observe: (x: number, t: number, sumBefore: number) => void
  /** The ends after the last observation, scaled to 0..1; null when nothing is left between them. */
  ends: () => [lower: number, upper: number] | null
}

/** Bets are at most this share of the most that could be lost. */
const truncation = 0.5

/** The empirical Bernstein sequence: a closed form, constant time per observation, wider while n is small. */
export function createEmpiricalBernstein(options: SequenceOptions): Outcome<{ sequence: ConfidenceSequence }> {
  return create(options, bernstein)
}

/**
 * The hedged-capital betting sequence: clearly narrower than empirical Bernstein, some microseconds per
 * observation. `gridSteps` (1000 unless said otherwise) is the resolution; the ends are rounded outward to it.
 */
export function createBettingSequence(
  options: SequenceOptions & { gridSteps?: number },
): Outcome<{ sequence: ConfidenceSequence }> {
  const { gridSteps = 1000 } = options
  return checkCount('gridSteps', gridSteps, 10) ?? create(options, betting(gridSteps))
}

function create(
  { lower, upper, confidence = defaultConfidence, populationSize }: SequenceOptions,
  createMethod: (alpha: number, populationSize: number) => Method,
): Outcome<{ sequence: ConfidenceSequence }> {
  const failure = firstFailure(
    checkConfidence(confidence),
    Number.isFinite(upper - lower) && upper > lower ? null : badArgument('upper', 'Give a number above `lower`.'),
    populationSize === undefined ? null : checkCount('populationSize', populationSize, 1),
  )
  if (failure) return failure

  const width = upper - lower
  const population = populationSize ?? Number.POSITIVE_INFINITY
  const method = createMethod(1 - confidence, population)
  const warnings: Warning[] = []
  let t = 0
  let sum = 0
  let valueSum = 0
  let [low, high] = [0, 1]

  const add = (value: number): Failure | null => {
    if (!Number.isFinite(value)) return { ok: false, reason: 'not-finite', index: t }
    if (value < lower || value > upper) return { ok: false, reason: 'out-of-bounds', index: t, value, lower, upper }
    if (t >= population) return badArgument('populationSize', `All ${population} cases have been seen.`)
    const x = (value - lower) / width
    t += 1
    method.observe(x, t, sum)
    sum += x
    valueSum += value
    const ends = method.ends()
    // What is left unseen can be anything between all 0 and all 1.
    const leastPossible = sum / population
    const mostPossible = Number.isFinite(population) ? (sum + population - t) / population : 1
    const nextLow = Math.max(low, ends?.[0] ?? 1, leastPossible)
    const nextHigh = Math.min(high, ends?.[1] ?? 0, mostPossible)
    // Rounding alone may cross the ends when they meet, at the last case of a suite.
    const point = Math.min(high, nextLow)
    if (nextLow <= nextHigh) [low, high] = [nextLow, nextHigh]
    else if (nextLow <= nextHigh + 1e-12) [low, high] = [point, point]
    else if (warnings.length === 0) warnings.push({ code: 'empty-sequence' })
    return null
  }
  const state = (): SequenceState => ({
    observations: t,
    mean: t === 0 ? null : valueSum / t,
    interval: { lower: lower + width * low, upper: lower + width * high, confidence },
    warnings: [...warnings],
  })
  return { ok: true, sequence: { add, state } }
}

/** The predictable bets of both methods: sqrt(2 log(2/alpha) / (variance so far * t log(1 + t))). */
function createBets(alpha: number): {
  mean: () => number
  bet: (t: number) => number
  observe: (x: number, t: number) => void
} {
  let mean = 0.5
  let variance = 0.25
  let sum = 0.5
  let squares = 0.25
  return {
    mean: () => mean,
    bet: (t) => Math.sqrt((2 * Math.log(2 / alpha)) / (variance * t * Math.log(1 + t))),
    observe: (x, t) => {
      sum += x
      mean = sum / (t + 1)
      squares += (x - mean) ** 2
      variance = squares / (t + 1)
    },
  }
}

/**
 * Predictable plug-in empirical Bernstein (PrPl-EB) of Waudby-Smith and Ramdas (arXiv 2010.09686), and for finite
 * populations its version for sampling without replacement.
 */
function bernstein(alpha: number, population: number): Method {
  const bets = createBets(alpha)
  let weighted = 0
  let weights = 0
  let spread = Math.log(2 / alpha)
  return {
    observe: (x, t, sumBefore) => {
      const bet = Math.min(bets.bet(t), truncation)
      const left = population - t + 1
      weighted += bet * (x + sumBefore / left)
      weights += bet * (1 + (t - 1) / left)
      spread += (x - bets.mean()) ** 2 * (-Math.log1p(-bet) - bet)
      bets.observe(x, t)
    },
    ends: () => [(weighted - spread) / weights, (weighted + spread) / weights],
  }
}

/**
 * Hedged capital of the same paper, with and without replacement: for each mean on a grid two
 * gamblers bet that the truth is higher, or lower; a mean is too low, or too high, once half the capital of
 * the one or the other reaches 1/alpha. The first capital falls and the second rises in the mean, so what is
 * left is an interval, and only its grid points and the two beside it need to be followed.
 */
function betting(gridSteps: number): (alpha: number, population: number) => Method {
  return (alpha, population) => {
    const bets = createBets(alpha)
    const logLimit = Math.log(2 / alpha)
    const logHigher = new Float64Array(gridSteps + 1)
    const logLower = new Float64Array(gridSteps + 1)
    // The highest mean that is too low and the lowest that is too high.
    let tooLow = -1
    let tooHigh = gridSteps + 1

    return {
      observe: (x, t, sumBefore) => {
        const bet = bets.bet(t)
        const left = population - t + 1
        const from = Math.max(0, tooLow)
        const to = Math.min(gridSteps, tooHigh)
        for (let place = from; place <= to; place++) {
          // Without replacement: the mean of what has not been seen yet, if the grid's mean is the true one.
          const overall = place / gridSteps
          const mean = Number.isFinite(left) ? (population * overall - sumBefore) / left : overall
          if (mean < 0) tooLow = Math.max(tooLow, place)
          else if (mean > 1) tooHigh = Math.min(tooHigh, place)
          else {
            const higher = at(logHigher, place) + Math.log1p(Math.min(bet, truncation / mean) * (x - mean))
            const lower = at(logLower, place) + Math.log1p(Math.min(bet, truncation / (1 - mean)) * (mean - x))
            logHigher[place] = higher
            logLower[place] = lower
            if (higher >= logLimit) tooLow = Math.max(tooLow, place)
            if (lower >= logLimit) tooHigh = Math.min(tooHigh, place)
          }
        }
        bets.observe(x, t)
      },
      ends: () => (tooLow >= tooHigh ? null : [tooLow / gridSteps, tooHigh / gridSteps]),
    }
  }
}
