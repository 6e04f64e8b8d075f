-- The hot path of a run, as functions: their statements are planned once per connection instead of once
-- per group, and a group costs two round trips instead of five.

-- Locks a run's row and reads what a group needs. Null when there is no such run.
CREATE FUNCTION proctor_lock_run(the_run uuid, item_ids uuid[]) RETURNS jsonb LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  run jsonb;
  sums jsonb;
  items jsonb;
BEGIN
  SELECT jsonb_build_object('status', r.status, 'epoch', r.driver_epoch, 'lastSeq', r.last_event_seq,
    'totals', jsonb_build_object(
      'counts', jsonb_build_object('total', r.total_items, 'pending', r.pending_items, 'running', r.running_items,
        'answered', r.answered_items, 'judged', r.judged_items, 'judgeFailed', r.judge_failed_items,
        'failed', r.failed_items, 'judgeWaiting', r.judge_waiting_items),
      'validators', jsonb_build_object('passed', r.validators_passed, 'total', r.validators_total),
      'tokens', jsonb_build_object('input', r.input_tokens, 'output', r.output_tokens,
        'cachedInput', r.cached_input_tokens),
      'cost', jsonb_build_object('answersMicros', r.answers_cost_micros, 'judgingMicros', r.judging_cost_micros,
        'unpricedCalls', r.unpriced_calls)))
    INTO run FROM batch_test_runs r WHERE r.id = the_run FOR UPDATE;
  IF run IS NULL THEN
    RETURN NULL;
  END IF;
  -- Statements of their own: the one above may have waited, and its snapshot is from before the wait.
  SELECT coalesce(jsonb_agg(jsonb_build_object('criterion', q.criterion, 'judgeModel', q.judge_model, 'n', q.n,
      'total', q.total, 'totalSquares', q.total_squares, 'passed', q.passed) ORDER BY q.criterion, q.judge_model), '[]')
    INTO sums FROM run_scores q WHERE q.batch_test_run_id = the_run;
  IF cardinality(item_ids) > 0 THEN
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', i.id, 'position', i.position, 'caseId', k.case_id, 'repeat', i.repeat, 'state', i.state,
        'judgeWanted', i.judge_wanted, 'promptPreview', left(k.turns->>0, 480), 'answerPreview', i.answer_preview,
        'messageId', i.message_id, 'attempts', i.attempts, 'latencyMs', i.latency_ms,
        'timeToFirstTokenMs', i.time_to_first_token_ms, 'inputTokens', i.input_tokens,
        'outputTokens', i.output_tokens, 'costMicros', i.cost_micros,
        'validators', jsonb_build_object('passed', i.validators_passed, 'total', i.validators_total),
        'scores', i.scores, 'failure', i.failure)), '[]')
      INTO items FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id WHERE i.id = ANY(item_ids);
  END IF;
  RETURN run || jsonb_build_object('sums', sums, 'items', coalesce(items, '[]'));
END $$;

-- Stores judge calls and their judgments. Lists of the document: judgeCalls, judgments.
CREATE FUNCTION proctor_write_judge_calls(d jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO judge_calls (id, message_id, judge_model, prompt_version, failure_kind, failure, raw_text, input_tokens,
    output_tokens, cached_input_tokens, cost_micros, latency_ms)
  SELECT j.id, j."messageId", j."judgeModel", j."promptVersion", (j.failure->>'kind')::failure_kind, j.failure,
    j."rawText", j."inputTokens", j."outputTokens", j."cachedInputTokens", j."costMicros", j."latencyMs"
  FROM jsonb_to_recordset(d->'judgeCalls') AS j(id uuid, "messageId" uuid, "judgeModel" text, "promptVersion" text,
    failure jsonb, "rawText" text, "inputTokens" int, "outputTokens" int, "cachedInputTokens" int, "costMicros" bigint,
    "latencyMs" float8);
  INSERT INTO judgments (id, judge_call_id, message_id, criterion, judge_model, prompt_version, score, passed, threshold,
    evidence_json)
  SELECT g.id, g."judgeCallId", g."messageId", g.criterion, g."judgeModel", g."promptVersion", g.score, g.passed,
    g.threshold, g.evidence
  FROM jsonb_to_recordset(d->'judgments') AS g(id uuid, "judgeCallId" uuid, "messageId" uuid, criterion text,
    "judgeModel" text, "promptVersion" text, score float8, passed boolean, threshold float8, evidence jsonb);
END $$;

-- Writes a group of a locked run: one JSON document with a list per table and the run's new counters.
-- The planner takes a JSON list for a hundred rows and would scan a young table instead of using its key;
-- the plan is kept while the table grows.
CREATE FUNCTION proctor_write_group(the_run uuid, d jsonb) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
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
      cached_input_tokens, latency_ms, time_to_first_token_ms, cost_micros, finish_reason, provider_request_id, attempts)
    SELECT m.id, c.id, m."itemId", m.role, m.content, m.turn, m.model, m."inputTokens", m."outputTokens",
      m."cachedInputTokens", m."latencyMs", m."timeToFirstTokenMs", m."costMicros", m."finishReason",
      m."providerRequestId", m.attempts
    FROM jsonb_to_recordset(d->'messages') AS m(id uuid, "itemId" uuid, role message_role, content text, turn int,
      model text, "inputTokens" int, "outputTokens" int, "cachedInputTokens" int, "latencyMs" float8,
      "timeToFirstTokenMs" float8, "costMicros" bigint, "finishReason" text, "providerRequestId" text, attempts jsonb),
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
  SELECT the_run, e.seq, e.body FROM jsonb_to_recordset(d->'events') AS e(seq bigint, body jsonb);
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
