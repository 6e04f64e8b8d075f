import { uuidv7 } from '../ids.ts'
import type { RunEventBody } from '@proctor/schema'
import type { Outcome } from '../../domain/ports.ts'
import { toProgress, type Fold } from '../../domain/scheduler/transitions.ts'
import type { Transaction } from '../database.ts'
import { newsChannel } from './channels.ts'

/**
 * Everything that a group of outcomes changes, in one statement: each round trip to the database
 * costs more than the rows do. `$1` is the run, `$2` one JSON document with a list per table.
 */
const writeSql = `
WITH doc AS (SELECT $2::jsonb AS d),
event AS (
  INSERT INTO run_events (batch_test_run_id, seq, body)
  SELECT $1::uuid, e.seq, e.body FROM doc, jsonb_to_recordset(d->'events') AS e(seq bigint, body jsonb)),
item AS (
  UPDATE batch_test_items t SET state = n.state, attempts = n.attempts, failure = n.failure,
    failure_kind = (n.failure->>'kind')::failure_kind, message_id = n."messageId", answer_preview = n."answerPreview",
    latency_ms = n."latencyMs", time_to_first_token_ms = n."timeToFirstTokenMs", input_tokens = n."inputTokens",
    output_tokens = n."outputTokens", cost_micros = n."costMicros",
    validators_passed = (n.validators->>'passed')::int, validators_total = (n.validators->>'total')::int,
    scores = n.scores, judge_wanted = n."judgeWanted", last_event_seq = n.seq
  FROM doc, jsonb_to_recordset(d->'items') AS n(id uuid, state item_state, attempts int, failure jsonb, "messageId" uuid,
    "answerPreview" text, "latencyMs" float8, "timeToFirstTokenMs" float8, "inputTokens" int, "outputTokens" int,
    "costMicros" bigint, validators jsonb, scores jsonb,
    "judgeWanted" boolean, seq bigint)
  WHERE t.id = n.id),
message AS (
  INSERT INTO messages (id, conversation_id, item_id, role, content, turn, model, input_tokens, output_tokens,
    cached_input_tokens, latency_ms, time_to_first_token_ms, cost_micros, finish_reason, provider_request_id, attempts)
  SELECT m.id, c.id, m."itemId", m.role, m.content, m.turn, m.model, m."inputTokens", m."outputTokens",
    m."cachedInputTokens", m."latencyMs", m."timeToFirstTokenMs", m."costMicros", m."finishReason",
    m."providerRequestId", m.attempts
  FROM doc, jsonb_to_recordset(d->'messages') AS m(id uuid, "itemId" uuid, role message_role, content text, turn int,
    model text, "inputTokens" int, "outputTokens" int, "cachedInputTokens" int, "latencyMs" float8,
    "timeToFirstTokenMs" float8, "costMicros" bigint, "finishReason" text, "providerRequestId" text, attempts jsonb),
    conversations c WHERE c.batch_test_run_id = $1::uuid),
validation AS (
  INSERT INTO validator_results (id, message_id, position, validator, passed, explanation)
  SELECT w.id, w."messageId", w.position, w.validator, w.passed, w.explanation
  FROM doc, jsonb_to_recordset(d->'validatorResults') AS w(id uuid, "messageId" uuid, position int, validator jsonb,
    passed boolean, explanation text)),
${judgeInsertsSql()},
sums AS (
  INSERT INTO run_scores (batch_test_run_id, criterion, judge_model, n, total, total_squares, passed)
  SELECT $1::uuid, q.criterion, q."judgeModel", q.n, q.total, q."totalSquares", q.passed
  FROM doc, jsonb_to_recordset(d->'sums') AS q(criterion text, "judgeModel" text, n int, total float8,
    "totalSquares" float8, passed int)
  ON CONFLICT (batch_test_run_id, criterion, judge_model) DO UPDATE
    SET n = excluded.n, total = excluded.total, total_squares = excluded.total_squares, passed = excluded.passed),
run AS (
  UPDATE batch_test_runs r SET last_event_seq = (d->>'lastSeq')::bigint,
    pending_items = (d#>>'{counts,pending}')::int, running_items = (d#>>'{counts,running}')::int,
    answered_items = (d#>>'{counts,answered}')::int, judged_items = (d#>>'{counts,judged}')::int,
    judge_failed_items = (d#>>'{counts,judgeFailed}')::int, failed_items = (d#>>'{counts,failed}')::int,
    judge_waiting_items = (d#>>'{counts,judgeWaiting}')::int,
    validators_passed = (d#>>'{validators,passed}')::int, validators_total = (d#>>'{validators,total}')::int,
    input_tokens = (d#>>'{tokens,input}')::bigint, output_tokens = (d#>>'{tokens,output}')::bigint,
    cached_input_tokens = (d#>>'{tokens,cachedInput}')::bigint,
    answers_cost_micros = (d#>>'{cost,answersMicros}')::bigint,
    judging_cost_micros = (d#>>'{cost,judgingMicros}')::bigint, unpriced_calls = (d#>>'{cost,unpricedCalls}')::int
  FROM doc WHERE r.id = $1::uuid)
SELECT pg_notify('${newsChannel}', $1::text)::text`

/** Judge calls and judgments, the same for runs and for single messages. Expects `doc`. */
export function judgeInsertsSql(): string {
  return `call AS (
  INSERT INTO judge_calls (id, message_id, judge_model, prompt_version, failure_kind, failure, raw_text, input_tokens,
    output_tokens, cached_input_tokens, cost_micros, latency_ms)
  SELECT j.id, j."messageId", j."judgeModel", j."promptVersion", (j.failure->>'kind')::failure_kind, j.failure,
    j."rawText", j."inputTokens", j."outputTokens", j."cachedInputTokens", j."costMicros", j."latencyMs"
  FROM doc, jsonb_to_recordset(d->'judgeCalls') AS j(id uuid, "messageId" uuid, "judgeModel" text, "promptVersion" text,
    failure jsonb, "rawText" text, "inputTokens" int, "outputTokens" int, "cachedInputTokens" int, "costMicros" bigint,
    "latencyMs" float8)),
judgment AS (
  INSERT INTO judgments (id, judge_call_id, message_id, criterion, judge_model, prompt_version, score, passed, threshold,
    evidence_json)
  SELECT g.id, g."judgeCallId", g."messageId", g.criterion, g."judgeModel", g."promptVersion", g.score, g.passed,
    g.threshold, g.evidence
  FROM doc, jsonb_to_recordset(d->'judgments') AS g(id uuid, "judgeCallId" uuid, "messageId" uuid, criterion text,
    "judgeModel" text, "promptVersion" text, score float8, passed boolean, threshold float8, evidence jsonb))`
}

/** Writes a folded group and its events, and tells the subscribers. Expects the run's row to be locked. */
export async function writeGroup(tx: Transaction, runId: string, lastSeq: number, fold: Fold): Promise<void> {
  const { totals, items, applied } = fold
  const events: { seq: number; body: RunEventBody }[] = []
  let seq = lastSeq
  const numbered = items.map((item) => {
    seq += 1
    events.push({ seq, body: { type: 'item', item } })
    return { ...item, seq }
  })
  seq += 1
  events.push({ seq, body: { type: 'progress', progress: toProgress(totals) } })
  const doc = { lastSeq: seq, ...totals, items: numbered, events, ...toRecords(applied) }
  await tx.$queryRawUnsafe(writeSql, runId, toJson(doc))
}

/** The new rows of the group, a list per table. */
function toRecords(applied: readonly Outcome[]) {
  const messages: object[] = []
  const validatorResults: object[] = []
  const judgeCalls: object[] = []
  const judgments: object[] = []
  for (const outcome of applied) {
    if (outcome.type === 'answered') {
      for (const message of outcome.messages) messages.push({ ...message, itemId: outcome.itemId })
      const messageId = outcome.messages.at(-1)?.id
      outcome.validatorResults.forEach((result, position) =>
        validatorResults.push({ id: uuidv7(), messageId, position, ...result }),
      )
    } else if (outcome.type === 'judged') {
      const records = toJudgeRecords(outcome)
      judgeCalls.push(records.judgeCall)
      judgments.push(...records.judgments)
    }
  }
  return { messages, validatorResults, judgeCalls, judgments }
}

/** The rows of one judge call. */
export function toJudgeRecords({ call }: Extract<Outcome, { type: 'judged' }>): {
  judgeCall: object
  judgments: object[]
} {
  const { outcome, usage, ...rest } = call
  const { id: judgeCallId, messageId, judgeModel, promptVersion } = rest
  const failure = outcome.ok ? null : outcome.failure
  const rawText = outcome.ok ? null : outcome.rawText
  const judgments = outcome.ok
    ? outcome.judgments.map((entry) => ({ ...entry, judgeCallId, messageId, judgeModel, promptVersion }))
    : []
  return { judgeCall: { ...rest, ...usage, failure, rawText }, judgments }
}

// An escape that jsonb refuses: U+0000, or half of a surrogate pair (whole pairs are not escaped).
const refusedEscape = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

/** JSON for a jsonb parameter. Models do emit characters that jsonb cannot hold: they are replaced, visibly. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(refusedEscape, String.raw`$1\ufffd`)
}

/** The value as it can be stored outside JSON, too: text columns refuse the same characters. */
export function storable<T>(value: T): T {
  return JSON.parse(toJson(value)) as T
}
