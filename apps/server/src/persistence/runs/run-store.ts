import type { ErrorGroup, RunFacets } from '@proctor/schema'
import type { ModelHistory, RunStore } from '../../domain/run-ports.ts'
import type { Database } from '../database.ts'
import { likePattern, toPage } from '../page.ts'
import { createRun } from './create-run.ts'
import { exportItems } from './export-items.ts'
import { createItemQueries } from './item-queries.ts'
import { recordJudgeCall, requestJudging, retryFailed, transition } from './run-commands.ts'
import { runJson, runTables, toRunDetail, toRunSummary, type RunRow } from './rows.ts'

/** Fewer earlier answers than this say too little for an estimate. */
const minHistoryAnswers = 20
const maxHistoryAnswers = 1000
/** More than this nobody chooses from a list; the text filter finds the rest. */
const maxFacets = 500

/** Runs as their users see them. */
export function createRunStore(database: Database): RunStore {
  const { prisma } = database
  const { checks: _checks, ...itemQueries } = createItemQueries(database)
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  return {
    ...itemQueries,
    exportItems: (runId, afterPosition, limit) => exportItems(database, runId, afterPosition, limit),
    create: (run) => createRun(database, run),
    transition: (runId, change) => transition(database, runId, change),
    retryFailed: (runId, kind) => retryFailed(database, runId, kind),
    requestJudging: (runId, judge, scope) => requestJudging(database, runId, judge, scope),
    recordJudgeCall: (subject, call) => recordJudgeCall(database, subject, call),

    async get(runId) {
      const [row] = await query<{ run: RunRow }>(
        `SELECT ${runJson} AS run FROM ${runTables} WHERE r.id = $1::uuid`,
        runId,
      )
      return row ? toRunDetail(row.run) : null
    },

    async list({ cursor, limit, status, experimentName, model, suiteId, from, to, text }) {
      const rows = await query<{ run: RunRow }>(
        `SELECT ${runJson} AS run FROM ${runTables}
         WHERE ($1::uuid IS NULL OR r.id < $1::uuid)
           AND ($2::text[] IS NULL OR r.status::text = ANY($2::text[]))
           AND ($3::text IS NULL OR c.experiment_name = $3::text)
           AND ($4::text IS NULL OR r.model = $4::text)
           AND ($5::text IS NULL OR concat_ws(' ', c.session_id, c.experiment_name, r.model, s.name) ILIKE $5::text)
           AND ($6::uuid IS NULL OR s.id = $6::uuid)
           AND ($7::timestamptz IS NULL OR r.created_at >= $7::timestamptz)
           AND ($8::timestamptz IS NULL OR r.created_at < $8::timestamptz)
         ORDER BY r.id DESC LIMIT $9`,
        cursor ?? null,
        status ?? null,
        experimentName ?? null,
        model ?? null,
        text ? likePattern(text) : null,
        suiteId ?? null,
        from ?? null,
        to ?? null,
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        ({ run }) => toRunSummary(run),
        (run) => run.id,
      )
    },

    async facets() {
      const [row] = await query<{ facets: RunFacets }>(
        `SELECT jsonb_build_object(
           'experiments', (SELECT coalesce(jsonb_agg(e.name ORDER BY e.newest DESC), '[]') FROM (
             SELECT experiment_name AS name, max(id::text) AS newest FROM conversations
             WHERE experiment_name IS NOT NULL GROUP BY experiment_name ORDER BY 2 DESC LIMIT $1) e),
           'models', (SELECT coalesce(jsonb_agg(m.model ORDER BY m.model), '[]') FROM (
             SELECT DISTINCT model FROM batch_test_runs ORDER BY model LIMIT $1) m),
           'suites', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) ORDER BY s.name), '[]')
             FROM (SELECT s.id, s.name FROM suites s WHERE EXISTS (SELECT 1 FROM suite_versions v
               JOIN batch_test_runs r ON r.suite_version_id = v.id WHERE v.suite_id = s.id)
               ORDER BY s.name LIMIT $1) s)) AS facets`,
        maxFacets,
      )
      return row?.facets ?? { experiments: [], models: [], suites: [] }
    },

    async errorGroups(runId) {
      const rows = await query<{ error_group: ErrorGroup }>(
        `SELECT jsonb_build_object('stage', CASE state WHEN 'failed' THEN 'answer' ELSE 'judge' END,
           'kind', failure->>'kind', 'message', failure->>'message', 'count', count(*),
           'retryable', bool_or((failure->>'retryable')::boolean)) AS error_group
         FROM batch_test_items
         WHERE batch_test_run_id = $1::uuid AND state IN ('failed', 'judge_failed')
         GROUP BY state, failure->>'kind', failure->>'message'
         ORDER BY count(*) DESC LIMIT 100`,
        runId,
      )
      return rows.map((row) => row.error_group)
    },

    async modelHistory(model) {
      const [row] = await query<{ history: ModelHistory }>(
        `SELECT jsonb_build_object('answers', count(*),
           'outputTokensP10', percentile_cont(0.1) WITHIN GROUP (ORDER BY output_tokens),
           'outputTokensP90', percentile_cont(0.9) WITHIN GROUP (ORDER BY output_tokens),
           'latencyP50Ms', percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms),
           'latencyP90Ms', percentile_cont(0.9) WITHIN GROUP (ORDER BY latency_ms)) AS history
         FROM (SELECT m.output_tokens, m.latency_ms FROM messages m
               JOIN conversations c ON c.id = m.conversation_id JOIN batch_test_runs r ON r.id = c.batch_test_run_id
               WHERE r.model = $1 AND m.role = 'assistant' AND m.output_tokens IS NOT NULL
               ORDER BY m.id DESC LIMIT $2) recent`,
        model,
        maxHistoryAnswers,
      )
      return row && row.history.answers >= minHistoryAnswers ? row.history : null
    },
  }
}
