import type { Item, RunStatus } from '@proctor/schema'
import { LeaseLostError } from '../../domain/errors.ts'
import type {
  DrivenRun,
  ItemToJudge,
  LeaseState,
  Outcome,
  PendingItem,
  RunDriverStore,
} from '../../domain/run-ports.ts'
import type { Database, Transaction } from '../database.ts'
import { controlChannel } from './channels.ts'
import { ChannelHub } from './channel-hub.ts'
import { lockDrivenRun, lockRun, setStatus, type LockedRun } from './locked-run.ts'
import { itemIdsOf, recordOutcomes } from './record-outcomes.ts'
import { itemJson } from './rows.ts'
import { RunWriter } from './run-writer.ts'

/** Runs as their drivers see them: lease, work, results. */
export async function createRunDriverStore(database: Database): Promise<RunDriverStore> {
  const { prisma } = database
  const control = await ChannelHub.open(database, controlChannel)

  /** One for each run that is driven in this process. */
  const writers = new Map<string, RunWriter>()

  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  return {
    acquire: async (runId, workerId, leaseMs) => {
      const acquired = await prisma.$transaction(async (tx) => {
        const run = await lockRun(tx, runId)
        if (!run) return null
        const [row] = await tx.$queryRawUnsafe<{ run: Omit<DrivenRun, 'spentMicros'> }[]>(
          `UPDATE batch_test_runs SET driver_id = $2::uuid, driver_epoch = driver_epoch + 1,
             driver_lease_until = now() + $3::float8 * interval '1 millisecond'
           WHERE id = $1::uuid AND status IN ('queued', 'running', 'pausing')
             AND (driver_lease_until IS NULL OR driver_lease_until < now())
           RETURNING jsonb_build_object('id', id, 'epoch', driver_epoch, 'model', model, 'status', status,
             'concurrency', concurrency, 'call', call_settings, 'judge', judge_settings,
             'budgetMicros', budget_micros,
             'conversationId', (SELECT id FROM conversations WHERE batch_test_run_id = $1::uuid)) AS run`,
          runId,
          workerId,
          leaseMs,
        )
        if (!row) return null
        await releaseOrphans(tx, runId, run)
        if (run.status === 'queued') {
          const locked = await lockRun(tx, runId)
          if (locked) await setStatus(tx, runId, locked.lastSeq, { status: 'running', reason: null, message: null })
          row.run.status = 'running'
        }
        const { answersMicros, judgingMicros } = run.totals.cost
        const start = await lockDrivenRun(tx, runId, row.run.epoch)
        return { run: { ...row.run, spentMicros: answersMicros + judgingMicros }, start }
      })
      if (!acquired) return null
      writers.set(runId, new RunWriter(prisma, runId, acquired.start))
      return acquired.run
    },

    renew: async (runId, epoch, leaseMs) => {
      const [row] = await query<{ state: LeaseState }>(
        `UPDATE batch_test_runs SET driver_lease_until = now() + $3::float8 * interval '1 millisecond'
         WHERE id = $1::uuid AND driver_epoch = $2::int
         RETURNING jsonb_build_object('status', status, 'budgetMicros', budget_micros, 'judge', judge_settings) AS state`,
        runId,
        epoch,
        leaseMs,
      )
      if (!row) throw new LeaseLostError(runId)
      return row.state
    },

    loadPending: async (runId, afterPosition, limit) => {
      const writer = writers.get(runId)
      const asOfSeq = writer?.seq ?? 0
      const rows = await query<{ item: PendingItem; row: Item }>(
        `SELECT ${itemJson} AS row, jsonb_build_object('id', i.id, 'position', i.position, 'caseId', k.case_id, 'repeat', i.repeat,
           'judgeWanted', i.judge_wanted, 'turns', k.turns, 'system', k.system, 'expected', k.expected,
           'notes', k.notes, 'validators', k.validators) AS item
         FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id
         WHERE i.batch_test_run_id = $1::uuid AND i.state = 'pending' AND i.position > $2
         ORDER BY i.position LIMIT $3`,
        runId,
        afterPosition,
        limit,
      )
      writer?.remember(
        rows.map((entry) => entry.row),
        asOfSeq,
      )
      return rows.map((entry) => entry.item)
    },

    loadToJudge: async (runId, afterPosition, limit) => {
      const writer = writers.get(runId)
      const asOfSeq = writer?.seq ?? 0
      const rows = await query<{ item: ItemToJudge; row: Item }>(
        `SELECT ${itemJson} AS row, jsonb_build_object('id', i.id, 'position', i.position, 'subject', jsonb_build_object(
           'messageId', i.message_id, 'runId', i.batch_test_run_id, 'itemId', i.id,
           'system', coalesce(k.system, r.call_settings->>'systemPrompt'), 'expected', k.expected, 'notes', k.notes,
           'conversation', (SELECT jsonb_agg(jsonb_build_object('role', m.role, 'content', m.content)
             ORDER BY m.turn, m.role = 'assistant') FROM messages m WHERE m.item_id = i.id))) AS item
         FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id
           JOIN batch_test_runs r ON r.id = i.batch_test_run_id
         WHERE i.batch_test_run_id = $1::uuid AND i.state = 'answered' AND i.judge_wanted AND i.position > $2
         ORDER BY i.position LIMIT $3`,
        runId,
        afterPosition,
        limit,
      )
      writer?.remember(
        rows.map((entry) => entry.row),
        asOfSeq,
      )
      return rows.map((entry) => entry.item)
    },

    record: (runId, epoch, outcomes) => {
      const writer = writers.get(runId)
      // Driven anew in this process meanwhile: the older drive must not write with the newer one's knowledge.
      if (!writer || writer.epoch !== epoch) return Promise.reject(new LeaseLostError(runId))
      return writer.record(outcomes)
    },

    finish: async (runId, epoch, verdict) => {
      const isOver = await prisma.$transaction(async (tx) => {
        const run = await lockDrivenRun(tx, runId, epoch)
        const next = nextStatus(run, verdict)
        if (next === 'more-work') return false
        // A new epoch: a renewal that is still under way must not take the lease again.
        await tx.$executeRawUnsafe(
          `UPDATE batch_test_runs SET driver_id = NULL, driver_lease_until = NULL, driver_epoch = driver_epoch + 1
           WHERE id = $1::uuid`,
          runId,
        )
        if (next !== run.status) {
          const { reason, message } = verdict.type === 'paused' ? verdict : { reason: null, message: null }
          await setStatus(tx, runId, run.lastSeq, { status: next, reason, message })
        }
        return true
      })
      if (isOver && writers.get(runId)?.epoch === epoch) writers.delete(runId)
      return isOver
    },

    onControl: (runId, callback) => control.on(runId, callback),

    abandonedRuns: async (limit) => {
      const rows = await query<{ id: string }>(
        `SELECT id FROM batch_test_runs WHERE status IN ('queued', 'running', 'pausing')
           AND (driver_lease_until IS NULL OR driver_lease_until < now())
         ORDER BY created_at LIMIT $1`,
        limit,
      )
      return rows.map((row) => row.id)
    },

    refreshLatency: async (runId) => {
      await query(
        `UPDATE batch_test_runs r SET latency_p50_ms = q.p50, latency_p95_ms = q.p95
         FROM (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) AS p50,
                 percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS p95
               FROM batch_test_items WHERE batch_test_run_id = $1::uuid AND latency_ms IS NOT NULL) q
         WHERE r.id = $1::uuid AND (r.latency_p50_ms, r.latency_p95_ms) IS DISTINCT FROM (q.p50, q.p95)`,
        runId,
      )
    },
  }
}

/** Items that a dead driver left in flight go back to pending. */
async function releaseOrphans(tx: Transaction, runId: string, run: LockedRun): Promise<void> {
  if (run.totals.counts.running === 0) return
  const orphans = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT id::text FROM batch_test_items WHERE batch_test_run_id = $1::uuid AND state = 'running'`,
    runId,
  )
  const outcomes = orphans.map(({ id }): Outcome => ({ type: 'released', itemId: id }))
  const withItems = await lockRun(tx, runId, itemIdsOf(outcomes))
  if (withItems) await recordOutcomes(tx, runId, withItems, outcomes)
}

function nextStatus(run: LockedRun, verdict: Parameters<RunDriverStore['finish']>[2]): RunStatus | 'more-work' {
  // A user's word stands over whatever the driver found.
  if (run.status === 'cancelled' || verdict.type === 'handed-back') return run.status
  const { pending, running, judgeWaiting } = run.totals.counts
  const workLeft = pending + running + judgeWaiting > 0
  if (verdict.type === 'paused') return workLeft ? 'paused' : 'completed'
  if (!workLeft) return 'completed'
  return run.status === 'pausing' ? 'paused' : 'more-work'
}
