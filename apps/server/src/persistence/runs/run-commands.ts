import type { FailureKind, JudgeSettings, RunStatus } from '@proctor/schema'
import { fromPrisma } from 'pg-boss'
import type { JudgeSubject } from '../../domain/ports.ts'
import type { JudgeCallRecord, Outcome, RunStore } from '../../domain/run-ports.ts'
import { isSampled } from '../../domain/judge/sampling.ts'
import { countItem, type ItemBody } from '../../domain/scheduler/transitions.ts'
import type { Database, Transaction } from '../database.ts'
import { controlChannel } from './channels.ts'
import { runQueue } from './job-queue.ts'
import { lockRun, setStatus, type LockedRun } from './locked-run.ts'
import { itemIdsOf, recordOutcomes, supersede } from './record-outcomes.ts'
import { toJson, toJudgeRecords, writeGroup } from './write-group.ts'

/** What people do to runs. Each command locks the run's row, so it cannot cross a driver's write. */

export async function transition(
  database: Database,
  runId: string,
  { from, to, reason, message, enqueue, budgetMicros }: Parameters<RunStore['transition']>[1],
): Promise<{ status: RunStatus; moved: boolean }> {
  return database.prisma.$transaction(async (tx) => {
    const run = await mustLock(tx, runId)
    if (!from.includes(run.status)) return { status: run.status, moved: false }
    if (budgetMicros !== undefined)
      await tx.$executeRawUnsafe(
        `UPDATE batch_test_runs SET budget_micros = $2 WHERE id = $1::uuid`,
        runId,
        budgetMicros,
      )
    await setStatus(tx, runId, run.lastSeq, { status: to, reason, message })
    await tellDriver(tx, runId)
    if (enqueue) await wakeWorker(database, tx, runId)
    return { status: to, moved: true }
  })
}

export async function retryFailed(database: Database, runId: string, kind: FailureKind | null = null): Promise<number> {
  // One of a fixed list of words.
  const condition =
    kind === null ? `i.state IN ('failed', 'judge_failed')` : `i.state = 'failed' AND i.failure->>'kind' = '${kind}'`
  return reopenItems(database, runId, condition, (item) =>
    item.state === 'failed'
      ? { ...item, state: 'pending', failure: null }
      : { ...item, state: 'answered', judgeWanted: true, failure: null },
  )
}

export async function requestJudging(
  database: Database,
  runId: string,
  judge: JudgeSettings,
  scope: 'unjudged' | 'all',
): Promise<number> {
  const states = scope === 'all' ? `'answered', 'judge_failed', 'judged'` : `'answered', 'judge_failed'`
  return reopenItems(
    database,
    runId,
    `i.state IN (${states})`,
    (item) => ({ ...item, state: 'answered', judgeWanted: true, failure: null }),
    judge,
  )
}

/** Sends items back to work and the run with them, unless a driver is at it already. */
async function reopenItems(
  database: Database,
  runId: string,
  condition: string,
  reopen: (item: ItemBody) => ItemBody,
  judge?: JudgeSettings,
): Promise<number> {
  return database.prisma.$transaction(
    async (tx) => {
      const run = await mustLock(tx, runId)
      if (judge)
        await tx.$executeRawUnsafe(
          `UPDATE batch_test_runs SET judge_settings = $2::jsonb WHERE id = $1::uuid`,
          runId,
          toJson(judge),
        )
      const found = await tx.$queryRawUnsafe<{ id: string; case_id: string; repeat: number }[]>(
        `SELECT i.id::text, k.case_id, i.repeat FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id
         WHERE i.batch_test_run_id = $1::uuid AND ${condition} ORDER BY i.position`,
        runId,
      )
      const chosen = judge ? found.filter((row) => isSampled(row.case_id, row.repeat, judge.sampleShare)) : found
      if (chosen.length === 0) return 0
      await reopenChosen(
        tx,
        runId,
        chosen.map((row) => row.id),
        reopen,
      )
      await tellDriver(tx, runId)
      // A driver at work finds the items by itself, and a paused run waits for its resume.
      if (run.status === 'completed' || run.status === 'failed') {
        const { lastSeq } = await mustLock(tx, runId)
        await setStatus(tx, runId, lastSeq, { status: 'queued', reason: null, message: null })
        await wakeWorker(database, tx, runId)
      }
      return chosen.length
    },
    { timeout: 60_000 },
  )
}

async function reopenChosen(
  tx: Transaction,
  runId: string,
  itemIds: string[],
  reopen: (item: ItemBody) => ItemBody,
): Promise<void> {
  const run = await mustLock(tx, runId, itemIds)
  const counts = { ...run.totals.counts }
  const items = [...run.items.values()].map((item) => {
    const after = reopen(item)
    countItem(counts, item, -1)
    countItem(counts, after, 1)
    return after
  })
  await writeGroup(tx, runId, run.lastSeq, { totals: { ...run.totals, counts }, items, applied: [] })
}

/** Stores a judge call made outside a drive; with a run it is written and told like any other outcome. */
export async function recordJudgeCall(
  { prisma }: Database,
  subject: JudgeSubject,
  call: JudgeCallRecord,
): Promise<void> {
  const outcome: Outcome = { type: 'judged', itemId: subject.itemId, call }
  await prisma.$transaction(async (tx) => {
    if (subject.runId !== null) {
      const run = await mustLock(tx, subject.runId, itemIdsOf([outcome]))
      await recordOutcomes(tx, subject.runId, run, [outcome])
      return
    }
    await supersede(tx, [outcome])
    const { judgeCall, judgments } = toJudgeRecords(outcome)
    await tx.$queryRawUnsafe(
      'SELECT 1 AS written FROM proctor_write_judge_calls($1::jsonb)',
      toJson({ judgeCalls: [judgeCall], judgments }),
    )
  })
}

async function mustLock(tx: Transaction, runId: string, itemIds: readonly string[] = []): Promise<LockedRun> {
  const run = await lockRun(tx, runId, itemIds)
  if (!run) throw new Error(`Run ${runId} does not exist.`)
  return run
}

async function tellDriver(tx: Transaction, runId: string): Promise<void> {
  await tx.$queryRawUnsafe(`SELECT pg_notify('${controlChannel}', $1::text)::text`, runId)
}

async function wakeWorker({ boss }: Database, tx: Transaction, runId: string): Promise<void> {
  await boss.send(runQueue, { runId }, { db: fromPrisma(tx) })
}
