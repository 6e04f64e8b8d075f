import type { FailureKind, NoteKind } from '@proctor/schema'
import { testRankSums } from '../statistics/index.ts'
import type { ComparedCriterion } from './compare-runs.ts'
import { doneOf, type RecentItem, type RunFacts } from './facts.ts'
import { percent, round, usd, type ToolResult } from './present.ts'
import { cite, count, duration, money, points, quantity, quote, share } from './wording.ts'

/** Something worth saying, found by plain code. */
export interface Finding {
  /** What makes it the same finding: each is told once a run. */
  key: string
  kind: NoteKind
  /** Says it without a model. */
  plain: string
  /** The figures that it rests on. */
  facts: ToolResult
}

/** The window is this many of the items that were finished last. */
export const windowItems = 50
export const recentItems = 250
const leastWindow = 20
const failureShare = 0.2
const repeatedErrors = 5
/** The median of the window against the one before it, and how unlikely that must be by chance. */
const latencyFactor = 1.5
const latencyP = 0.001
/** An overshoot of less than this is within the noise of the estimate. */
const budgetFactor = 1.02
const leastDoneForBudget = 20
const milestones = [25, 50, 75, 100] as const

export function findMilestone({ run }: RunFacts): Finding[] {
  const { total } = run.progress.counts
  const done = doneOf(run.progress)
  const passed = milestones.findLast((part) => done * 100 >= part * total)
  // The end is told once the last judgment is in, too.
  if (passed === undefined || (passed === 100 && run.status !== 'completed')) return []
  const failed = run.progress.counts.failed
  const means = run.progress.quality.flatMap(({ criterion, mean }) =>
    mean === null ? [] : [{ criterion, meanScore: round(mean, 2) }],
  )
  const scores = means.map(({ criterion, meanScore }) => `${criterion} ${points(meanScore)}`).join(', ')
  return [
    {
      key: `milestone-${passed}`,
      kind: 'milestone',
      plain: `${passed === 100 ? 'The run is complete' : `${passed}% of the run is done`}: ${count(done)} of ${quantity(total, 'item')}, ${count(failed)} failed.${scores === '' ? '' : ` Means${passed === 100 ? '' : ' so far'}: ${scores}.`}`,
      facts: { milestonePercent: passed, done, total, failed, criteria: means },
    },
  ]
}

export function findFailures(recent: readonly RecentItem[]): Finding[] {
  const window = recent.slice(-windowItems)
  const failed = window.filter(({ state }) => state === 'failed')
  const findings: Finding[] = []
  if (window.length >= leastWindow && failed.length >= failureShare * window.length) {
    const failedPercent = percent(failed.length, window.length)
    findings.push({
      key: 'failure-rate',
      kind: 'failure-rate',
      plain: `${count(failed.length)} of the last ${quantity(window.length, 'item')} failed (${share(failedPercent)}), for example ${cite(examples(failed))}.`,
      facts: { failed: failed.length, window: window.length, failedPercent, items: examples(failed) },
    })
  }
  const groups = Map.groupBy(failed, ({ failure }) => `${failure?.kind} ${failure?.message}`)
  for (const group of groups.values()) {
    const failure = group[0]?.failure
    if (!failure || group.length < repeatedErrors) continue
    findings.push({
      key: `repeated-error ${failure.kind} ${failure.message.slice(0, 200)}`,
      kind: 'repeated-error',
      plain: `The same error came ${quantity(group.length, 'time')} among the last ${quantity(window.length, 'item')}: ${failure.kind}, ${quote(failure.message.slice(0, 200))} ${cite(examples(group))}.`,
      facts: {
        times: group.length,
        window: window.length,
        kind: failure.kind satisfies FailureKind,
        message: failure.message.slice(0, 200),
        items: examples(group),
      },
    })
  }
  return findings
}

/** The last answers against those just before them: Mann-Whitney, since latencies have long tails. */
export function findLatencyShift(recent: readonly RecentItem[]): Finding[] {
  const times = recent.flatMap(({ latencyMs, state }) => (latencyMs === null || state === 'failed' ? [] : [latencyMs]))
  const before = times.slice(0, -windowItems)
  const after = times.slice(-windowItems)
  if (before.length < windowItems || after.length < windowItems) return []
  const [beforeMs, afterMs] = [median(before), median(after)]
  if (afterMs < latencyFactor * beforeMs) return []
  const test = testRankSums(before, after)
  if (!test.ok || test.pValue >= latencyP) return []
  return [
    {
      key: 'latency-shift',
      kind: 'latency-shift',
      plain: `Answers have become slower: the median of the last ${count(after.length)} is ${duration(afterMs)}, of the ${count(before.length)} before them ${duration(beforeMs)}.`,
      facts: { window: after.length, beforeItems: before.length, medianMs: afterMs, beforeMedianMs: beforeMs },
    },
  ]
}

/** What the run will have cost when all items are done, at what the items have cost so far. */
export function findOverspending({ run }: RunFacts): Finding[] {
  const { cost, counts } = run.progress
  const done = doneOf(run.progress)
  const spentMicros = cost.answersMicros + cost.judgingMicros
  if (run.budgetMicros === null || done < leastDoneForBudget || done >= counts.total) return []
  const expectedMicros = Math.round((spentMicros / done) * counts.total)
  if (expectedMicros < budgetFactor * run.budgetMicros) return []
  return [
    {
      key: 'budget',
      kind: 'budget',
      plain: `At this rate the run will need ${money(usd(expectedMicros))} and pass its budget of ${money(usd(run.budgetMicros))}: ${money(usd(spentMicros))} are spent with ${count(done)} of ${quantity(counts.total, 'item')} done.`,
      facts: {
        expectedUsd: usd(expectedMicros),
        budgetUsd: usd(run.budgetMicros),
        spentUsd: usd(spentMicros),
        done,
        total: counts.total,
      },
    },
  ]
}

/** Criteria that have fallen against the baseline, by intervals that may be looked at again and again. */
export function findScoreDrops(against: string, criteria: readonly ComparedCriterion[]): Finding[] {
  return criteria
    .filter(({ verdict }) => verdict === 'worse')
    .map(({ criterion, cases, baselineScore, thisScore, changeScore, highScore }) => ({
      key: `score-drop ${criterion}`,
      kind: 'score-drop' as const,
      plain: `${criterion} is lower than in ${against}: ${points(thisScore)} instead of ${points(baselineScore)} on ${quantity(cases, 'shared case')}, by at least ${points(highScore === null ? null : Math.abs(highScore))}.`,
      facts: { criterion, against, cases, baselineScore, thisScore, changeScore, leastScore: highScore },
    }))
}

function examples(items: readonly RecentItem[]): { item: number }[] {
  return items.slice(0, 3).map(({ position }) => ({ item: position + 1 }))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const value = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  return Math.round(value ?? 0)
}
