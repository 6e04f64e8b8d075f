import type { RunEventBody, RunStatus, StatusReason } from '@proctor/schema'
import { LeaseLostError } from '../../domain/errors.ts'
import type { ItemBody, RunTotals, ScoreSum } from '../../domain/scheduler/transitions.ts'
import type { Transaction } from '../database.ts'
import { newsChannel } from './channels.ts'
import { toJson } from './write-group.ts'

/** A run whose row is locked by the current transaction: its counters and events are ours alone. */
export interface LockedRun {
  status: RunStatus
  epoch: number
  lastSeq: number
  totals: RunTotals
  /** The items that were asked for, as they stand, by id. */
  items: Map<string, ItemBody>
}

interface LockedRow extends Omit<LockedRun, 'totals' | 'items'> {
  totals: Omit<RunTotals, 'sums'>
  sums: ScoreSum[]
  items: ItemBody[]
}

/**
 * Locks a run's row until the transaction ends. Every writer of a run's items, counters and events
 * takes this lock first: that is what makes the event numbers gapless and in commit order.
 */
export async function lockRun(
  tx: Transaction,
  runId: string,
  itemIds: readonly string[] = [],
): Promise<LockedRun | null> {
  const [row] = await tx.$queryRawUnsafe<{ run: LockedRow | null }[]>(
    'SELECT proctor_lock_run($1::uuid, $2::uuid[]) AS run',
    runId,
    itemIds,
  )
  if (!row?.run) return null
  const { totals, sums, items, ...run } = row.run
  return { ...run, totals: { ...totals, sums }, items: new Map(items.map((item) => [item.id, item])) }
}

/** Locks a run for its driver. @throws LeaseLostError when the epoch is not the run's any more */
export async function lockDrivenRun(
  tx: Transaction,
  runId: string,
  epoch: number,
  itemIds: readonly string[] = [],
): Promise<LockedRun> {
  const run = await lockRun(tx, runId, itemIds)
  if (!run || run.epoch !== epoch) throw new LeaseLostError(runId)
  return run
}

/** Appends events to a locked run and tells its subscribers. */
export async function appendEvents(
  tx: Transaction,
  runId: string,
  lastSeq: number,
  bodies: readonly RunEventBody[],
): Promise<void> {
  const events = bodies.map((body, index) => ({ seq: lastSeq + 1 + index, body }))
  await tx.$queryRawUnsafe(
    `WITH event AS (
       INSERT INTO run_events (batch_test_run_id, seq, body)
       SELECT $1::uuid, e.seq, e.body FROM jsonb_to_recordset($2::jsonb) AS e(seq bigint, body jsonb)),
     run AS (UPDATE batch_test_runs SET last_event_seq = $3::bigint WHERE id = $1::uuid)
     SELECT pg_notify('${newsChannel}', $1::text)::text`,
    runId,
    toJson(events),
    lastSeq + events.length,
  )
}

export interface StatusChange {
  status: RunStatus
  reason: StatusReason | null
  message: string | null
}

/** Sets the status of a locked run and appends the event that says so. */
export async function setStatus(
  tx: Transaction,
  runId: string,
  lastSeq: number,
  { status, reason, message }: StatusChange,
): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE batch_test_runs SET status = $2::run_status, status_reason = $3, status_message = $4,
       started_at = CASE WHEN $2 = 'running' THEN coalesce(started_at, now()) ELSE started_at END,
       finished_at = CASE WHEN $2 IN ('completed', 'cancelled', 'failed') THEN now() END
     WHERE id = $1::uuid`,
    runId,
    status,
    reason,
    message,
  )
  await appendEvents(tx, runId, lastSeq, [{ type: 'status', status, reason, message }])
}
