import { at, type Numbers } from './result.ts'

export interface Moments {
  n: number
  mean: number
  /** Sum of squared deviations from the mean. */
  squares: number
  /** Every value is the same, up to rounding (e.g. 0.3 - 0.1 beside 0.2). */
  isConstant: boolean
}

/** Values this close to each other, relative to their size, differ by rounding only. */
const roundingShare = 1e-13
/** Below this, squares of deviations would underflow to 0. */
const leastSpread = 1e-100

/** Mean and squared deviations in two passes, which keeps the digits that one pass loses. `n` >= 1. */
export function momentsOf(values: Numbers): Moments {
  const n = values.length
  let sum = 0
  let largest = 0
  for (let index = 0; index < n; index++) {
    const value = at(values, index)
    sum += value
    const size = Math.abs(value)
    if (size > largest) largest = size
  }
  const mean = sum / n
  let squares = 0
  let drift = 0
  for (let index = 0; index < n; index++) {
    const deviation = at(values, index) - mean
    squares += deviation * deviation
    drift += deviation
  }
  squares -= (drift * drift) / n
  const isConstant = Math.sqrt(Math.max(0, squares) / n) <= Math.max(leastSpread, roundingShare * largest)
  return { n, mean, squares: isConstant ? 0 : squares, isConstant }
}

/** Candidate minus baseline, pair by pair; the lists are equally long. */
export function differencesOf(baseline: Numbers, candidate: Numbers): Float64Array {
  const differences = new Float64Array(baseline.length)
  for (let index = 0; index < differences.length; index++) {
    differences[index] = at(candidate, index) - at(baseline, index)
  }
  return differences
}

/** Quantile of sorted values by linear interpolation: type 7 of R, the default of numpy. `share` from 0 to 1. */
export function quantileOfSorted(sorted: Numbers, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const low = at(sorted, below)
  return below + 1 < sorted.length ? low + (place - below) * (at(sorted, below + 1) - low) : low
}

/** A sorted copy. */
export function sortedCopy(values: Numbers): Float64Array {
  return Float64Array.from(values).toSorted()
}
