-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "from_cache" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "cached_answers" (
    "key" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cached_answers_pkey" PRIMARY KEY ("key")
);

-- Writes a group of a locked run: one JSON document with a list per table and the run's new counters.
-- The events are made from the items, so that nothing crosses twice.
-- The planner takes a JSON list for a hundred rows and would scan a young table instead of using its key;
-- the plan is kept while the table grows.
CREATE OR REPLACE FUNCTION proctor_write_group(the_run uuid, d jsonb) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  UPDATE batch_test_items t SET state = n.state, attempts = n.attempts, failure = n.failure,
    failure_kind = (n.failure->>'kind')::failure_kind, message_id = n."messageId", answer_preview = n."answerPreview",
    latency_ms = n."latencyMs", time_to_first_token_ms = n."timeToFirstTokenMs", input_tokens = n."inputTokens",
    output_tokens = n."outputTokens", cost_micros = n."costMicros",
    validators_passed = (n.validators->>'passed')::int, validators_total = (n.validators->>'total')::int,
    scores = n.scores, judge_wanted = n."judgeWanted", tries = coalesce(n.tries, t.tries), last_event_seq = n.seq
  FROM jsonb_to_recordset(d->'items') AS n(id uuid, state item_state, attempts int, failure jsonb, "messageId" uuid,
    "answerPreview" text, "latencyMs" float8, "timeToFirstTokenMs" float8, "inputTokens" int, "outputTokens" int,
    "costMicros" bigint, validators jsonb, scores jsonb, "judgeWanted" boolean, tries jsonb,
    seq bigint)
  WHERE t.id = n.id;
  IF jsonb_array_length(d->'messages') > 0 THEN
    INSERT INTO messages (id, conversation_id, item_id, role, content, turn, model, input_tokens, output_tokens,
      cached_input_tokens, latency_ms, time_to_first_token_ms, cost_micros, finish_reason, provider_request_id, attempts, from_cache)
    SELECT m.id, c.id, m."itemId", m.role, m.content, m.turn, m.model, m."inputTokens", m."outputTokens",
      m."cachedInputTokens", m."latencyMs", m."timeToFirstTokenMs", m."costMicros", m."finishReason",
      m."providerRequestId", m.attempts, coalesce(m."fromCache", false)
    FROM jsonb_to_recordset(d->'messages') AS m(id uuid, "itemId" uuid, role message_role, content text, turn int,
      model text, "inputTokens" int, "outputTokens" int, "cachedInputTokens" int, "latencyMs" float8,
      "timeToFirstTokenMs" float8, "costMicros" bigint, "finishReason" text, "providerRequestId" text, attempts jsonb,
      "fromCache" boolean),
      conversations c WHERE c.batch_test_run_id = the_run;
  END IF;
  IF jsonb_array_length(d->'validatorResults') > 0 THEN
    INSERT INTO validator_results (id, message_id, position, validator, passed, explanation)
    SELECT w.id, w."messageId", w.position, w.validator, w.passed, w.explanation
    FROM jsonb_to_recordset(d->'validatorResults') AS w(id uuid, "messageId" uuid, position int, validator jsonb,
      passed boolean, explanation text);
  END IF;
  IF jsonb_array_length(d->'judgeCalls') > 0 THEN
    PERFORM proctor_write_judge_calls(d);
    INSERT INTO run_scores (batch_test_run_id, criterion, judge_model, n, total, total_squares, passed)
    SELECT the_run, q.criterion, q."judgeModel", q.n, q.total, q."totalSquares", q.passed
    FROM jsonb_to_recordset(d->'sums') AS q(criterion text, "judgeModel" text, n int, total float8,
      "totalSquares" float8, passed int)
    ON CONFLICT (batch_test_run_id, criterion, judge_model) DO UPDATE
      SET n = excluded.n, total = excluded.total, total_squares = excluded.total_squares, passed = excluded.passed;
  END IF;
  INSERT INTO run_events (batch_test_run_id, seq, body)
  SELECT the_run, (e->>'seq')::bigint, jsonb_build_object('type', 'item', 'item', e - 'seq' - 'tries')
    FROM jsonb_array_elements(d->'items') AS e
  UNION ALL
  SELECT the_run, (d->>'lastSeq')::bigint, jsonb_build_object('type', 'progress', 'progress', d->'progress');
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
  WHERE r.id = the_run;
  PERFORM pg_notify('proctor_run_news', the_run::text);
END $$;
