import type { CostRange, Estimate } from '@proctor/schema'

/** Several runs as one: they are started together, so the slowest sets the time. Null without any. */
export function sumEstimates(estimates: readonly Estimate[]): Estimate | null {
  const [first, ...others] = estimates
  if (!first) return null
  return others.reduce(
    (sum, next) => ({
      items: sum.items + next.items,
      judgedItems: sum.judgedItems + next.judgedItems,
      inputTokens: sum.inputTokens + next.inputTokens,
      answers: addRanges(sum.answers, next.answers),
      judging: addRanges(sum.judging, next.judging),
      total: addRanges(sum.total, next.total),
      durationSeconds: {
        low: Math.max(sum.durationSeconds.low, next.durationSeconds.low),
        high: Math.max(sum.durationSeconds.high, next.durationSeconds.high),
      },
      notes: [...new Set([...sum.notes, ...next.notes])],
    }),
    first,
  )
}

/** What is unknown stays unknown. */
function addRanges(a: CostRange, b: CostRange): CostRange {
  return a && b ? { lowMicros: a.lowMicros + b.lowMicros, highMicros: a.highMicros + b.highMicros } : null
}
