import type { RunEventBody, RunStatus, StatusReason } from '@proctor/schema'
import { LeaseLostError } from '../../domain/errors.ts'
import type { Item } from '@proctor/schema'
import type { ItemBody, RunTotals, ScoreSum } from '../../domain/scheduler/transitions.ts'
import type { Transaction } from '../database.ts'
import { newsChannel } from './channels.ts'
import { itemJson, sumsJson, toItemBody, totalsJson } from './rows.ts'
import { toJson } from './write-group.ts'

/** A run whose row is locked by the current transaction: its counters and events are ours alone. */
export interface LockedRun {
  status: RunStatus
  epoch: number
  lastSeq: number
  totals: RunTotals
}

/**
 * Locks a run's row until the transaction ends. Every writer of a run's items, counters and events
 * takes this lock first: that is what makes the event numbers gapless and in commit order.
 */
export async function lockRun(tx: Transaction, runId: string): Promise<LockedRun | null> {
  const [row] = await tx.$queryRawUnsafe<{ run: Omit<LockedRun, 'totals'> & { totals: Omit<RunTotals, 'sums'> } }[]>(
    `SELECT jsonb_build_object('status', r.status, 'epoch', r.driver_epoch, 'lastSeq', r.last_event_seq,
      'totals', ${totalsJson('r')}) AS run
     FROM batch_test_runs r WHERE r.id = $1::uuid FOR UPDATE`,
    runId,
  )
  if (!row) return null
  // A statement of its own: the one above may have waited, and its snapshot is from before the wait.
  const [sums] = await tx.$queryRawUnsafe<{ sums: ScoreSum[] }[]>(`SELECT ${sumsJson('$1::uuid')} AS sums`, runId)
  return { ...row.run, totals: { ...row.run.totals, sums: sums?.sums ?? [] } }
}

/** Locks a run for its driver. @throws LeaseLostError when the epoch is not the run's any more */
export async function lockDrivenRun(tx: Transaction, runId: string, epoch: number): Promise<LockedRun> {
  const run = await lockRun(tx, runId)
  if (!run || run.epoch !== epoch) throw new LeaseLostError(runId)
  return run
}

/** The items as they stand, by id. */
export async function readItems(tx: Transaction, itemIds: readonly string[]): Promise<Map<string, ItemBody>> {
  const rows = await tx.$queryRawUnsafe<{ item: Item }[]>(
    `SELECT ${itemJson} AS item FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id
     WHERE i.id = ANY($1::uuid[])`,
    itemIds,
  )
  return new Map(rows.map(({ item }) => [item.id, toItemBody(item)]))
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
