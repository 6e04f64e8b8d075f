import type { RunDetail, RunSummary } from '@proctor/schema'
import { toProgress, type RunTotals, type ScoreSum } from '../../domain/scheduler/transitions.ts'

/**
 * Rows come out of PostgreSQL as JSON: one shape on both databases, numbers as numbers.
 * The fragments below name the columns once; the functions turn them into the shapes of packages/schema.
 */

/** Expects the aliases r (batch_test_runs), v (suite_versions), s (suites), c (conversations). */
export const runJson = `jsonb_build_object(
  'id', r.id, 'status', r.status, 'statusReason', r.status_reason, 'statusMessage', r.status_message,
  'suiteId', s.id, 'suiteName', s.name, 'suiteVersionId', v.id, 'suiteVersion', v.version,
  'model', r.model, 'judge', r.judge_settings, 'call', r.call_settings,
  'concurrency', r.concurrency, 'repeats', r.repeats, 'budgetMicros', r.budget_micros,
  'sessionId', c.session_id, 'experimentName', c.experiment_name, 'conversationId', c.id,
  'p50Ms', r.latency_p50_ms, 'p95Ms', r.latency_p95_ms,
  'createdAt', r.created_at, 'startedAt', r.started_at, 'finishedAt', r.finished_at,
  'lastEventSeq', r.last_event_seq, 'totals', ${totalsJson('r')}, 'sums', ${sumsJson('r.id')})`

export const runTables = `batch_test_runs r
  JOIN suite_versions v ON v.id = r.suite_version_id
  JOIN suites s ON s.id = v.suite_id
  JOIN conversations c ON c.batch_test_run_id = r.id`

/** The counters of a run's row. */
function totalsJson(alias: string): string {
  const column = (name: string) => `${alias}.${name}`
  return `jsonb_build_object(
  'counts', jsonb_build_object('total', ${column('total_items')}, 'pending', ${column('pending_items')},
    'running', ${column('running_items')}, 'answered', ${column('answered_items')}, 'judged', ${column('judged_items')},
    'judgeFailed', ${column('judge_failed_items')}, 'failed', ${column('failed_items')},
    'judgeWaiting', ${column('judge_waiting_items')}),
  'validators', jsonb_build_object('passed', ${column('validators_passed')}, 'total', ${column('validators_total')}),
  'tokens', jsonb_build_object('input', ${column('input_tokens')}, 'output', ${column('output_tokens')},
    'cachedInput', ${column('cached_input_tokens')}),
  'cost', jsonb_build_object('answersMicros', ${column('answers_cost_micros')},
    'judgingMicros', ${column('judging_cost_micros')}, 'unpricedCalls', ${column('unpriced_calls')}))`
}

/** The score sums of a run, oldest name first so that pages do not reorder them. */
function sumsJson(runId: string): string {
  return `(SELECT coalesce(jsonb_agg(jsonb_build_object('criterion', q.criterion, 'judgeModel', q.judge_model, 'n', q.n,
    'total', q.total, 'totalSquares', q.total_squares, 'passed', q.passed) ORDER BY q.criterion, q.judge_model), '[]')
    FROM run_scores q WHERE q.batch_test_run_id = ${runId})`
}

/** Expects the aliases i (batch_test_items) and k (suite_cases). */
export const itemJson = `jsonb_build_object(
  'id', i.id, 'position', i.position, 'caseId', k.case_id, 'repeat', i.repeat, 'state', i.state,
  'judgeWanted', i.judge_wanted, 'promptPreview', left(k.turns->>0, 480), 'answerPreview', i.answer_preview,
  'messageId', i.message_id, 'attempts', i.attempts, 'latencyMs', i.latency_ms,
  'timeToFirstTokenMs', i.time_to_first_token_ms, 'inputTokens', i.input_tokens, 'outputTokens', i.output_tokens,
  'costMicros', i.cost_micros,
  'validators', jsonb_build_object('passed', i.validators_passed, 'total', i.validators_total),
  'scores', i.scores, 'failure', i.failure, 'seq', i.last_event_seq)`

export type RunRow = Omit<RunSummary, 'suite' | 'judgeModel' | 'progress' | 'latency'> &
  Pick<RunDetail, 'call' | 'judge' | 'concurrency' | 'repeats'> & {
    suiteId: string
    suiteName: string
    suiteVersionId: string
    suiteVersion: number
    p50Ms: number | null
    p95Ms: number | null
    totals: Omit<RunTotals, 'sums'>
    sums: ScoreSum[]
  }

export function toRunDetail(row: RunRow): RunDetail {
  return {
    ...toRunSummary(row),
    concurrency: row.concurrency,
    repeats: row.repeats,
    call: row.call,
    judge: row.judge,
  }
}

export function toRunSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    status: row.status,
    statusReason: row.statusReason,
    statusMessage: row.statusMessage,
    suite: { id: row.suiteId, name: row.suiteName, versionId: row.suiteVersionId, version: row.suiteVersion },
    model: row.model,
    judgeModel: row.judge?.model ?? null,
    sessionId: row.sessionId,
    experimentName: row.experimentName,
    conversationId: row.conversationId,
    progress: toProgress({ ...row.totals, sums: row.sums }),
    latency: { p50Ms: row.p50Ms, p95Ms: row.p95Ms },
    budgetMicros: row.budgetMicros,
    createdAt: isoTime(row.createdAt),
    startedAt: row.startedAt && isoTime(row.startedAt),
    finishedAt: row.finishedAt && isoTime(row.finishedAt),
    lastEventSeq: row.lastEventSeq,
  }
}

/** PostgreSQL's JSON writes times with an offset; the wire has them in UTC with a Z. */
export function isoTime(text: string): string {
  return new Date(text).toISOString()
}
