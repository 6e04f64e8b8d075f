import type { Coefficient } from './agreement.ts'
import { bootstrapUnits, type BootstrapOptions } from './bootstrap.ts'
import { at, checkFinite, notEnough, type Outcome, type Warning } from './result.ts'

export type Level = 'nominal' | 'ordinal' | 'interval'

export interface Alpha {
  alpha: Coefficient
  /** Units with at least two ratings; only these can agree. */
  units: number
  ratings: number
  warnings: Warning[]
}

/**
 * Krippendorff's alpha (2011, "Computing Krippendorff's Alpha-Reliability") for any number of raters.
 *
 * @param ratings one list per unit, one place per rater, null where a rater did not rate; the order of the
 *   raters does not matter
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (number | null)[])[],
  level: Level,
  options: { bootstrap?: BootstrapOptions } = {},
): Outcome<Alpha> {
  const units = ratings.map((unit) => unit.filter((rating) => rating !== null)).filter((unit) => unit.length > 1)
  const invalid = ratings.findIndex((unit) => checkFinite(unit.filter((rating) => rating !== null)) !== null)
  if (invalid >= 0) return { ok: false, reason: 'not-finite', index: invalid }
  if (units.length === 0) return notEnough(0, 1)

  const values = [...new Set(units.flat())].toSorted((first, second) => first - second)
  const places = new Map(values.map((value, place) => [value, place]))
  const pairs = units.map((unit) => pairsOf(unit.map((rating) => places.get(rating) ?? 0)))
  const alphaOf = (draws: Int32Array) => [computeAlpha(draws, pairs, values, level)]
  const [alpha = null] = alphaOf(Int32Array.from(units, (_, unit) => unit))
  const resampled = options.bootstrap ? bootstrapUnits(units.length, alphaOf, options.bootstrap) : null
  if (resampled && !resampled.ok) return resampled

  const warnings: Warning[] = []
  const dropped = ratings.length - units.length
  if (dropped > 0) warnings.push({ code: 'unpairable-units', dropped })
  if (alpha === null) warnings.push({ code: 'single-category' })
  return {
    ok: true,
    alpha: { value: alpha, interval: alpha === null ? null : (resampled?.intervals[0] ?? null) },
    units: units.length,
    ratings: units.flat().length,
    warnings: [...warnings, ...(resampled?.warnings ?? [])],
  }
}

/** What one unit adds to the coincidences of values: places of two values, and how much. */
interface Pair {
  first: number
  second: number
  weight: number
}

/** All ordered pairs of ratings of a unit, weighted so that the unit counts as many as its ratings. */
function pairsOf(unit: readonly number[]): Pair[] {
  const weight = 1 / (unit.length - 1)
  return unit.flatMap((first, rater) =>
    unit.flatMap((second, other) => (rater === other ? [] : [{ first, second, weight }])),
  )
}

/** 1 - observed over expected disagreement; null when only one value was given. */
function computeAlpha(
  draws: Int32Array,
  pairs: readonly (readonly Pair[])[],
  values: readonly number[],
  level: Level,
): number | null {
  const counts = new Float64Array(values.length)
  let total = 0
  for (const unit of draws) {
    for (const { first, weight } of pairs[unit] ?? []) {
      counts[first] = at(counts, first) + weight
      total += weight
    }
  }
  const distance = createDistance(counts, values, level)
  let observed = 0
  for (const unit of draws) {
    for (const { first, second, weight } of pairs[unit] ?? []) observed += weight * distance(first, second)
  }
  let expected = 0
  for (let first = 0; first < values.length; first++) {
    for (let second = 0; second < first; second++) {
      expected += 2 * at(counts, first) * at(counts, second) * distance(first, second)
    }
  }
  return expected === 0 ? null : 1 - ((total - 1) * observed) / expected
}

/** Squared distance of two values, given by their places. */
function createDistance(
  counts: Float64Array,
  values: readonly number[],
  level: Level,
): (first: number, second: number) => number {
  if (level === 'nominal') return (first, second) => (first === second ? 0 : 1)
  if (level === 'interval') return (first, second) => (at(values, first) - at(values, second)) ** 2
  // Ordinal: the ratings that lie between the two values, half of those at the ends.
  const middles = new Float64Array(values.length)
  let below = 0
  for (let place = 0; place < values.length; place++) {
    middles[place] = below + at(counts, place) / 2
    below += at(counts, place)
  }
  return (first, second) => (at(middles, first) - at(middles, second)) ** 2
}
