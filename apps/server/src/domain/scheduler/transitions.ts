import type { Counts, Item, ItemState, Progress, Score } from '@proctor/schema'
import type { JudgeCallRecord, Outcome } from '../run-ports.ts'

/** A row of a run's table, without the number of its last event. */
export type ItemBody = Omit<Item, 'seq'>

/** Sums over the current judgments of one criterion by one judge. */
export interface ScoreSum {
  criterion: string
  judgeModel: string
  n: number
  total: number
  totalSquares: number
  passed: number
}

/** The counters of a run, as they stand in its row. */
export interface RunTotals extends Omit<Progress, 'quality'> {
  sums: ScoreSum[]
}

/** A judgment that a newer one of the same judge, message and criterion replaces. */
export interface SupersededScore {
  messageId: string
  criterion: string
  judgeModel: string
  score: number
  passed: boolean
}

export interface Fold {
  totals: RunTotals
  /** The items that changed, each once, as they stand after the group. */
  items: ItemBody[]
  /** The outcomes that were legal, in order; the others (stored already) are dropped. */
  applied: Outcome[]
}

const previewLength = 240

/** The states from which an outcome may be stored; anything else means that it was stored before. */
const allowedFrom: Record<Outcome['type'], readonly ItemState[]> = {
  started: ['pending'],
  released: ['running'],
  answered: ['pending', 'running'],
  failed: ['pending', 'running'],
  judged: ['answered', 'judge_failed', 'judged'],
}

/** The item after an outcome, or null when its state does not allow the outcome any more. */
export function applyOutcome(item: ItemBody, outcome: Outcome): ItemBody | null {
  if (!allowedFrom[outcome.type].includes(item.state)) return null
  switch (outcome.type) {
    case 'started':
      return { ...item, state: 'running', failure: null }
    case 'released':
      return { ...item, state: 'pending' }
    case 'failed':
      return { ...item, state: 'failed', failure: outcome.failure, attempts: item.attempts + outcome.attempts }
    case 'answered': {
      const answer = outcome.messages.at(-1)
      return {
        ...item,
        state: 'answered',
        failure: null,
        messageId: answer?.id ?? null,
        answerPreview: preview(answer?.content ?? ''),
        attempts: item.attempts + outcome.attempts,
        latencyMs: outcome.latencyMs,
        timeToFirstTokenMs: outcome.timeToFirstTokenMs,
        inputTokens: outcome.usage.inputTokens,
        outputTokens: outcome.usage.outputTokens,
        costMicros: outcome.costMicros,
        validators: {
          passed: outcome.validatorResults.filter((result) => result.passed).length,
          total: outcome.validatorResults.length,
        },
      }
    }
    default:
      return applyJudgeCall(item, outcome.call)
  }
}

function applyJudgeCall(item: ItemBody, { outcome }: JudgeCallRecord): ItemBody {
  if (outcome.ok) {
    const fresh = outcome.judgments.map(({ criterion, score, passed }): Score => ({ criterion, score, passed }))
    const kept = item.scores.filter((old) => !fresh.some((score) => score.criterion === old.criterion))
    return { ...item, state: 'judged', failure: null, scores: [...kept, ...fresh] }
  }
  // A failed extra verdict takes nothing away from an item that has one.
  return item.state === 'judged' ? item : { ...item, state: 'judge_failed', failure: outcome.failure }
}

/**
 * Applies a group of outcomes to the rows and counters of a run. Pure: the store reads the rows,
 * calls this under the run's lock, and writes what comes back in the same transaction, so the
 * counters cannot disagree with the rows.
 */
export function foldOutcomes(
  totals: RunTotals,
  rows: ReadonlyMap<string, ItemBody>,
  superseded: readonly SupersededScore[],
  outcomes: readonly Outcome[],
): Fold {
  const next: RunTotals = {
    counts: { ...totals.counts },
    validators: { ...totals.validators },
    tokens: { ...totals.tokens },
    cost: { ...totals.cost },
    sums: totals.sums.map((sum) => ({ ...sum })),
  }
  const items = new Map<string, ItemBody>()
  const applied: Outcome[] = []
  for (const outcome of outcomes) {
    if (outcome.itemId !== null) {
      const before = items.get(outcome.itemId) ?? rows.get(outcome.itemId)
      const after = before && applyOutcome(before, outcome)
      if (!before || !after) continue
      countItem(next.counts, before, -1)
      countItem(next.counts, after, 1)
      items.set(after.id, after)
    }
    addSpending(next, outcome)
    if (outcome.type === 'judged') addScores(next.sums, outcome.call, superseded)
    applied.push(outcome)
  }
  return { totals: next, items: [...items.values()], applied }
}

const counterOf: Record<ItemState, Exclude<keyof Counts, 'total' | 'judgeWaiting'>> = {
  pending: 'pending',
  running: 'running',
  answered: 'answered',
  judged: 'judged',
  judge_failed: 'judgeFailed',
  failed: 'failed',
}

/** Adds (1) or removes (-1) an item to or from the counters. */
export function countItem(counts: Counts, item: Pick<ItemBody, 'state' | 'judgeWanted'>, sign: 1 | -1): void {
  counts[counterOf[item.state]] += sign
  if (item.state === 'answered' && item.judgeWanted) counts.judgeWaiting += sign
}

function addSpending(totals: RunTotals, outcome: Outcome): void {
  if (outcome.type === 'answered') {
    totals.tokens.input += outcome.usage.inputTokens
    totals.tokens.output += outcome.usage.outputTokens
    totals.tokens.cachedInput += outcome.usage.cachedInputTokens
    totals.validators.total += outcome.validatorResults.length
    totals.validators.passed += outcome.validatorResults.filter((result) => result.passed).length
    if (outcome.costMicros === null) totals.cost.unpricedCalls += 1
    else totals.cost.answersMicros += outcome.costMicros
  } else if (outcome.type === 'judged' && outcome.call.usage !== null) {
    if (outcome.call.costMicros === null) totals.cost.unpricedCalls += 1
    else totals.cost.judgingMicros += outcome.call.costMicros
  }
}

function addScores(sums: ScoreSum[], call: JudgeCallRecord, superseded: readonly SupersededScore[]): void {
  if (!call.outcome.ok) return
  for (const { criterion, score, passed } of call.outcome.judgments) {
    let sum = sums.find((entry) => entry.criterion === criterion && entry.judgeModel === call.judgeModel)
    if (!sum) {
      sum = { criterion, judgeModel: call.judgeModel, n: 0, total: 0, totalSquares: 0, passed: 0 }
      sums.push(sum)
    }
    const old = superseded.find(
      (entry) =>
        entry.messageId === call.messageId && entry.criterion === criterion && entry.judgeModel === call.judgeModel,
    )
    if (old) addScore(sum, old, -1)
    addScore(sum, { score, passed }, 1)
  }
}

function addScore(sum: ScoreSum, { score, passed }: { score: number; passed: boolean }, sign: 1 | -1): void {
  sum.n += sign
  sum.total += sign * score
  sum.totalSquares += sign * score * score
  if (passed) sum.passed += sign
}

/** The counters as they are shown: means in place of sums. */
export function toProgress({ sums, ...rest }: RunTotals): Progress {
  return {
    ...rest,
    quality: sums.map(({ criterion, judgeModel, n, total, passed }) => ({
      criterion,
      judgeModel,
      n,
      mean: n === 0 ? null : total / n,
      passed,
    })),
  }
}

/** The first characters of a text on one line, as tables show it. */
export function preview(text: string): string {
  const line = text
    .slice(0, previewLength * 2)
    .replaceAll(/\s+/g, ' ')
    .trim()
  return line.length > previewLength ? `${line.slice(0, previewLength - 1)}…` : line
}
