import { at, type Numbers } from './result.ts'

export interface Ranks {
  /** From 1; tied values share the mean of their ranks. */
  ranks: Float64Array
  /** Sum of t^3 - t over groups of t tied values: what the tie corrections need. */
  tieSum: number
}

/** Midranks, as scipy's `rankdata` with method `average`. */
export function rankValues(values: Numbers): Ranks {
  const n = values.length
  const order = Uint32Array.from({ length: n }, (_, index) => index)
  order.sort((first, second) => at(values, first) - at(values, second))
  const ranks = new Float64Array(n)
  let tieSum = 0
  for (let start = 0; start < n;) {
    let end = start + 1
    const value = at(values, at(order, start))
    while (end < n && at(values, at(order, end)) === value) end += 1
    for (let place = start; place < end; place++) ranks[at(order, place)] = (start + 1 + end) / 2
    const tied = end - start
    tieSum += tied ** 3 - tied
    start = end
  }
  return { ranks, tieSum }
}
