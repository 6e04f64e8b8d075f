import { sortedCopy } from './moments.ts'
import { at, type Numbers } from './result.ts'

export interface Ranks {
  /** From 1; tied values share the mean of their ranks. */
  ranks: Float64Array
  /** Sum of t^3 - t over groups of t tied values: what the tie corrections need. */
  tieSum: number
}

/** Midranks, as scipy's `rankdata` with method `average`. Scores have few distinct values, so those are looked up. */
export function rankValues(values: Numbers): Ranks {
  const sorted = sortedCopy(values)
  const n = sorted.length
  const distinct = new Float64Array(n)
  const midranks = new Float64Array(n)
  let count = 0
  let tieSum = 0
  for (let start = 0; start < n;) {
    const value = at(sorted, start)
    let end = start + 1
    while (end < n && at(sorted, end) === value) end += 1
    distinct[count] = value
    midranks[count] = (start + 1 + end) / 2
    count += 1
    const tied = end - start
    tieSum += tied ** 3 - tied
    start = end
  }
  const ranks = new Float64Array(n)
  for (let index = 0; index < n; index++) {
    const value = at(values, index)
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (at(distinct, middle) < value) low = middle + 1
      else high = middle
    }
    ranks[index] = at(midranks, low)
  }
  return { ranks, tieSum }
}
