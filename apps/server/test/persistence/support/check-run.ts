import type { RunEvent } from '@proctor/schema'
import { expect } from 'vitest'
import type { Database } from '../../../src/persistence/database.ts'

/** The counters as they stand in the run's row. */
const storedSql = `SELECT jsonb_build_object(
  'total', total_items, 'pending', pending_items, 'running', running_items, 'answered', answered_items,
  'judged', judged_items, 'judgeFailed', judge_failed_items, 'failed', failed_items, 'judgeWaiting', judge_waiting_items,
  'validatorsPassed', validators_passed, 'validatorsTotal', validators_total, 'input', input_tokens,
  'output', output_tokens, 'cachedInput', cached_input_tokens, 'answersMicros', answers_cost_micros,
  'judgingMicros', judging_cost_micros, 'unpricedCalls', unpriced_calls) AS counters
  FROM batch_test_runs WHERE id = $1::uuid`

/** The same, counted afresh from items, messages, validator results and judge calls. */
const countedSql = `WITH item AS (SELECT * FROM batch_test_items WHERE batch_test_run_id = $1::uuid),
  message AS (SELECT m.* FROM messages m JOIN item i ON i.id = m.item_id),
  check_result AS (SELECT w.* FROM validator_results w JOIN message m ON m.id = w.message_id),
  call AS (SELECT j.* FROM judge_calls j JOIN message m ON m.id = j.message_id)
  SELECT jsonb_build_object(
  'total', (SELECT count(*) FROM item),
  'pending', (SELECT count(*) FROM item WHERE state = 'pending'),
  'running', (SELECT count(*) FROM item WHERE state = 'running'),
  'answered', (SELECT count(*) FROM item WHERE state = 'answered'),
  'judged', (SELECT count(*) FROM item WHERE state = 'judged'),
  'judgeFailed', (SELECT count(*) FROM item WHERE state = 'judge_failed'),
  'failed', (SELECT count(*) FROM item WHERE state = 'failed'),
  'judgeWaiting', (SELECT count(*) FROM item WHERE state = 'answered' AND judge_wanted),
  'validatorsPassed', (SELECT count(*) FROM check_result WHERE passed),
  'validatorsTotal', (SELECT count(*) FROM check_result),
  'input', (SELECT coalesce(sum(input_tokens), 0) FROM item),
  'output', (SELECT coalesce(sum(output_tokens), 0) FROM item),
  'cachedInput', (SELECT coalesce(sum(cached_input_tokens), 0) FROM message),
  'answersMicros', (SELECT coalesce(sum(cost_micros), 0) FROM item),
  'judgingMicros', (SELECT coalesce(sum(cost_micros), 0) FROM call),
  'unpricedCalls', (SELECT count(*) FROM item WHERE message_id IS NOT NULL AND cost_micros IS NULL)
    + (SELECT count(*) FROM call WHERE input_tokens IS NOT NULL AND cost_micros IS NULL)) AS counters`

const storedSumsSql = `SELECT criterion, judge_model, n, total, total_squares AS squares, passed
  FROM run_scores WHERE batch_test_run_id = $1::uuid AND n > 0 ORDER BY criterion, judge_model`

const countedSumsSql = `SELECT g.criterion, g.judge_model, count(*)::int AS n, sum(g.score) AS total,
    sum(g.score * g.score) AS squares, (count(*) FILTER (WHERE g.passed))::int AS passed
  FROM judgments g JOIN messages m ON m.id = g.message_id JOIN batch_test_items i ON i.id = m.item_id
  WHERE i.batch_test_run_id = $1::uuid AND g.current GROUP BY g.criterion, g.judge_model ORDER BY 1, 2`

/** Items whose own sums disagree with their messages and validator results; there must be none. */
const oddItemsSql = `SELECT i.id::text FROM batch_test_items i WHERE i.batch_test_run_id = $1::uuid AND (
  coalesce(i.cost_micros, 0) <> CASE WHEN i.cost_micros IS NULL THEN 0
    ELSE (SELECT coalesce(sum(m.cost_micros), 0) FROM messages m WHERE m.item_id = i.id) END
  OR coalesce(i.input_tokens, 0) <> (SELECT coalesce(sum(m.input_tokens), 0) FROM messages m WHERE m.item_id = i.id)
  OR i.validators_total <> (SELECT count(*) FROM validator_results w WHERE w.message_id = i.message_id)
  OR i.validators_passed <> (SELECT count(*) FROM validator_results w WHERE w.message_id = i.message_id AND w.passed)
  OR (i.message_id IS NOT NULL) <> (i.state IN ('answered', 'judged', 'judge_failed'))
  OR (i.failure IS NOT NULL) <> (i.state IN ('failed', 'judge_failed'))
  OR (i.failure->>'kind') IS DISTINCT FROM i.failure_kind::text
  OR (i.state = 'judged' AND NOT EXISTS (SELECT 1 FROM judgments g WHERE g.message_id = i.message_id AND g.current)))`

const eventsSql = `SELECT seq::int, body FROM run_events WHERE batch_test_run_id = $1::uuid ORDER BY seq`
const itemSeqsSql = `SELECT id::text, last_event_seq::int AS seq, state::text FROM batch_test_items WHERE batch_test_run_id = $1::uuid`

/**
 * What holds after every step, whatever the step was: the counters of a run are what its rows add up
 * to, and its events are numbered 1..n and end in the state that the rows have.
 */
export async function checkRun({ prisma }: Database, runId: string): Promise<void> {
  const query = <T>(sql: string) => prisma.$queryRawUnsafe<T[]>(sql, runId)
  const [stored] = await query<{ counters: object }>(storedSql)
  const [counted] = await query<{ counters: object }>(countedSql)
  expect(stored?.counters).toEqual(counted?.counters)
  expect(await query(storedSumsSql)).toEqual(await query(countedSumsSql))
  expect(await query(oddItemsSql)).toEqual([])

  const events = await query<Pick<RunEvent, 'seq' | 'body'>>(eventsSql)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  const [run] = await query<{ seq: number; status: string }>(
    `SELECT last_event_seq::int AS seq, status::text FROM batch_test_runs WHERE id = $1::uuid`,
  )
  expect(run?.seq).toBe(events.length)
  const lastStatus = events.findLast(({ body }) => body.type === 'status')?.body
  expect(lastStatus ?? { status: 'queued' }).toMatchObject({ status: run?.status })

  const newest = new Map<string, { seq: number; state: string }>()
  for (const { seq, body } of events)
    if (body.type === 'item') newest.set(body.item.id, { seq, state: body.item.state })
  for (const item of await query<{ id: string; seq: number; state: string }>(itemSeqsSql))
    expect({ seq: item.seq, state: item.state }).toEqual(newest.get(item.id) ?? { seq: 0, state: 'pending' })
}
