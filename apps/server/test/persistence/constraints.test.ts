import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { answered, answerId, judgeCall, judged, openRunStores, type RunStores } from './support/run-fixture.ts'

/** What the database refuses by itself, whoever writes to it. */
describe.each(testDatabases)('constraints of $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  let runId: string
  let messageId: string

  beforeAll(async () => {
    stores = await openRunStores((database = await open()))
    const driven = await stores.createDriven()
    const answer = answered(driven.items[0]!)
    ;[runId, messageId] = [driven.runId, answerId(answer)]
    await driven.record(answer, judged(answer.itemId, judgeCall(messageId, { quality: 5 })))
  })
  afterAll(() => database?.close())

  const execute = (sql: string, ...values: unknown[]) => database.prisma.$executeRawUnsafe(sql, ...values)

  const insertJudgment = (score: number, criterion = `c-${score}`, current = true) =>
    execute(
      `INSERT INTO judgments (id, judge_call_id, message_id, criterion, judge_model, prompt_version, score, passed,
         threshold, evidence_json, current)
       SELECT $1::uuid, id, message_id, $2, judge_model, prompt_version, $3::float8, true, 7, '{}', $4
       FROM judge_calls WHERE message_id = $5::uuid`,
      uuidv7(),
      criterion,
      score,
      current,
      messageId,
    )

  it.each([0, 0.99, 10.01, 11, -1])('a score of %d is refused', async (score) => {
    await expect(insertJudgment(score)).rejects.toThrow('judgments_score_range')
  })

  it.each([1, 5.5, 10])('a score of %d is taken', async (score) => {
    expect(await insertJudgment(score)).toBe(1)
  })

  it('two current judgments of one message, criterion and judge are refused, a retired one is taken', async () => {
    await expect(insertJudgment(6, 'quality')).rejects.toThrow(/judgments_current_key|Unique constraint|23505/)
    expect(await insertJudgment(6, 'quality', false)).toBe(1)
  })

  it('a second item of one run, case and repeat is refused', async () => {
    const insert = `INSERT INTO batch_test_items (id, batch_test_run_id, suite_case_id, repeat, position)
      SELECT $1::uuid, batch_test_run_id, suite_case_id, repeat + $2::int, position + 1000
      FROM batch_test_items WHERE batch_test_run_id = $3::uuid AND position = 0`
    await expect(execute(insert, uuidv7(), 0, runId)).rejects.toThrow(/23505|case_id_repeat_key/)
    expect(await execute(insert, uuidv7(), 1, runId)).toBe(1)
  })

  it('two items of one run at one position are refused', async () => {
    const move = `UPDATE batch_test_items SET position = 1 WHERE batch_test_run_id = $1::uuid AND position = 0`
    await expect(execute(move, runId)).rejects.toThrow(/23505|position_key/)
  })

  it.each([
    'pending_items = pending_items + 1',
    'total_items = total_items - 1',
    'pending_items = pending_items - 1',
    'judge_waiting_items = answered_items + 1',
    'judge_waiting_items = -1',
    'running_items = running_items - 1, pending_items = pending_items + 1',
  ])('counters that do not add up are refused: %s', async (change) => {
    const update = `UPDATE batch_test_runs SET ${change} WHERE id = $1::uuid`
    await expect(execute(update, runId)).rejects.toThrow('batch_test_runs_counters')
  })

  it('counters that add up are taken', async () => {
    const update = 'UPDATE batch_test_runs SET pending_items = pending_items - 1, failed_items = failed_items + 1'
    expect(await execute(`${update} WHERE id = $1::uuid`, runId)).toBe(1)
  })

  it('an event number is given once per run', async () => {
    const insert = `INSERT INTO run_events (batch_test_run_id, seq, body) VALUES ($1::uuid, 1, '{}')`
    await expect(execute(insert, runId)).rejects.toThrow(/23505|run_events_pkey/)
  })

  it('a suite version that a run used cannot be deleted', async () => {
    const remove =
      'DELETE FROM suite_versions WHERE id = (SELECT suite_version_id FROM batch_test_runs WHERE id = $1::uuid)'
    await expect(execute(remove, runId)).rejects.toThrow(/foreign key|23503|2300/i)
  })
})
