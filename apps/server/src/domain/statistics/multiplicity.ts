import { badArgument, type Outcome } from './result.ts'

export interface AdjustedPValues {
  /** In the order given; null stays null (there was no test) and is not counted. */
  adjusted: (number | null)[]
  tests: number
}

/**
 * Holm's step-down adjustment: each adjusted p below alpha is a finding, with the chance of even one false
 * one at most alpha, under any dependence. R `p.adjust(method='holm')`. For criteria and for sessions.
 */
export function adjustHolm(pValues: readonly (number | null)[]): Outcome<AdjustedPValues> {
  return adjust(pValues, (sorted) => {
    let highest = 0
    return sorted.map((p, place) => (highest = Math.max(highest, Math.min(1, p * (sorted.length - place)))))
  })
}

/**
 * Benjamini-Hochberg: of the findings at adjusted p below alpha, at most alpha are expected to be false,
 * under independence or positive dependence. R `p.adjust(method='BH')`. For many slices, to look further.
 */
export function adjustBenjaminiHochberg(pValues: readonly (number | null)[]): Outcome<AdjustedPValues> {
  return adjust(pValues, (sorted) => {
    let lowest = 1
    return sorted
      .map((p, place) => p * (sorted.length / (place + 1)))
      .toReversed()
      .map((p) => (lowest = Math.min(lowest, p)))
      .toReversed()
  })
}

function adjust(
  pValues: readonly (number | null)[],
  adjustSorted: (sorted: number[]) => number[],
): Outcome<AdjustedPValues> {
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }]))
  if (known.some(({ p }) => !(p >= 0 && p <= 1))) return badArgument('pValues', 'Give probabilities from 0 to 1.')
  const order = known.toSorted((first, second) => first.p - second.p)
  const adjusted: (number | null)[] = pValues.map(() => null)
  adjustSorted(order.map(({ p }) => p)).forEach((p, place) => {
    const index = order[place]?.index
    if (index !== undefined) adjusted[index] = p
  })
  return { ok: true, adjusted, tests: known.length }
}
