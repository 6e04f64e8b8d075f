import type { Outcome } from '../../domain/run-ports.ts'
import { foldOutcomes, type Fold, type SupersededScore } from '../../domain/scheduler/transitions.ts'
import type { Transaction } from '../database.ts'
import type { LockedRun } from './locked-run.ts'
import { writeGroup } from './write-group.ts'

/** The items that outcomes are about, each once. */
export function itemIdsOf(outcomes: readonly Outcome[]): string[] {
  return [...new Set(outcomes.map((outcome) => outcome.itemId).filter((id) => id !== null))]
}

/**
 * Applies outcomes to a run that is locked with their items.
 * @returns what was written, and the number of the last event then
 */
export async function recordOutcomes(
  tx: Transaction,
  runId: string,
  run: LockedRun,
  given: readonly Outcome[],
): Promise<{ fold: Fold; seq: number }> {
  const outcomes = await withoutStoredCalls(tx, run, given)
  const hasScores = (itemId: string | null) => (run.items.get(itemId ?? '')?.scores.length ?? 0) > 0
  const rejudged = outcomes.filter(
    (outcome) => outcome.type === 'judged' && outcome.call.outcome.ok && hasScores(outcome.itemId),
  )
  const superseded = rejudged.length === 0 ? [] : await supersede(tx, rejudged)
  const fold = foldOutcomes(run.totals, run.items, superseded, outcomes)
  const seq = fold.applied.length > 0 ? await writeGroup(tx, runId, run.lastSeq, fold) : run.lastSeq
  return { fold, seq }
}

/** An item may be judged again, so its state does not tell that a verdict is stored already: the call's id does. */
async function withoutStoredCalls(
  tx: Transaction,
  run: LockedRun,
  outcomes: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const callIds = outcomes.flatMap((outcome) => {
    const item = outcome.type === 'judged' ? run.items.get(outcome.itemId ?? '') : undefined
    const wasJudged = item && (item.state === 'judged' || item.state === 'judge_failed' || item.scores.length > 0)
    return outcome.type === 'judged' && wasJudged ? [outcome.call.id] : []
  })
  if (callIds.length === 0) return outcomes
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    'SELECT id::text FROM judge_calls WHERE id = ANY($1::uuid[])',
    callIds,
  )
  const stored = new Set(rows.map((row) => row.id))
  return outcomes.filter((outcome) => outcome.type !== 'judged' || !stored.has(outcome.call.id))
}

/** Retires the judgments that new ones of the same judge, message and criterion replace. */
export async function supersede(tx: Transaction, outcomes: readonly Outcome[]): Promise<SupersededScore[]> {
  const replaced = outcomes.flatMap((outcome) =>
    outcome.type === 'judged' && outcome.call.outcome.ok
      ? outcome.call.outcome.judgments.map(({ criterion }) => ({
          messageId: outcome.call.messageId,
          judgeModel: outcome.call.judgeModel,
          criterion,
        }))
      : [],
  )
  return tx.$queryRawUnsafe<SupersededScore[]>(
    `UPDATE judgments g SET current = false
     FROM jsonb_to_recordset($1::jsonb) AS n("messageId" uuid, "judgeModel" text, criterion text)
     WHERE g.message_id = n."messageId" AND g.judge_model = n."judgeModel" AND g.criterion = n.criterion AND g.current
     RETURNING g.message_id::text AS "messageId", g.criterion, g.judge_model AS "judgeModel", g.score, g.passed`,
    JSON.stringify(replaced),
  )
}
