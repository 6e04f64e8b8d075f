import type { Citation, Item } from '@proctor/schema'
import type {
  CaseScore,
  Change,
  ErrorExample,
  OtherRun,
  RecentItem,
  RunFacts,
  RunFactsStore,
  ScoreSpread,
  TextHit,
  WholeItem,
} from '../../domain/observer/facts.ts'
import type { Database } from '../database.ts'
import { likePattern } from '../page.ts'
import { createItemQueries } from '../runs/item-queries.ts'
import { isoTime, itemJson, runJson, runTables, toRunDetail, type RunRow } from '../runs/rows.ts'

/** The pace is taken over this many events: the last moments of a run, however long it is. */
const paceEvents = 400
/** An item is told by two or three events, and a group of them ends with one of its own. */
const eventsPerItem = 6
const examplesPerError = 3

const otherRunJson = `jsonb_build_object('id', o.id, 'sessionId', oc.session_id, 'model', o.model, 'suite', os.name)`
const otherRunTables = `batch_test_runs o JOIN conversations oc ON oc.batch_test_run_id = o.id
  JOIN suite_versions ov ON ov.id = o.suite_version_id JOIN suites os ON os.id = ov.suite_id`

/** The newest completed run of the same suite before this one, of its own experiment if there is one. */
const baselineSql = `(SELECT ${otherRunJson} FROM ${otherRunTables}
  WHERE o.id < r.id AND o.status = 'completed' AND ov.suite_id = v.suite_id
  ORDER BY o.run_id IS NOT DISTINCT FROM r.run_id DESC, o.id DESC LIMIT 1)`

const failuresSql = `(SELECT coalesce(jsonb_agg(f.failure ORDER BY f.n DESC), '[]') FROM (
  SELECT count(*) AS n, jsonb_build_object('stage', CASE i.state WHEN 'failed' THEN 'answer' ELSE 'judge' END,
    'kind', i.failure_kind, 'count', count(*)) AS failure
  FROM batch_test_items i WHERE i.batch_test_run_id = r.id AND i.state IN ('failed', 'judge_failed')
  GROUP BY i.state, i.failure_kind) f)`

const earlierSql = `(SELECT jsonb_build_object('at', e.created_at, 'done', (e.body#>>'{progress,counts,answered}')::int
    + (e.body#>>'{progress,counts,judged}')::int + (e.body#>>'{progress,counts,judgeFailed}')::int
    + (e.body#>>'{progress,counts,failed}')::int)
  FROM run_events e WHERE e.batch_test_run_id = r.id AND e.seq > r.last_event_seq - ${paceEvents}
    AND e.body->>'type' = 'progress' ORDER BY e.seq LIMIT 1)`

const scoreSql = (alias: string, criterion: string) =>
  `(SELECT (s->>'score')::float8 FROM jsonb_array_elements(${alias}.scores) s WHERE s->>'criterion' = ${criterion} LIMIT 1)`

const itemTables = 'batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id'

const wholeItemSql = `SELECT jsonb_build_object('item', ${itemJson}, 'expected', k.expected,
  'prompt', array_to_string(ARRAY(SELECT jsonb_array_elements_text(k.turns)), E'\\n\\n'),
  'answer', (SELECT m.content FROM messages m WHERE m.id = i.message_id),
  'judgments', (SELECT coalesce(jsonb_agg(jsonb_build_object('criterion', g.criterion, 'score', g.score,
      'reasoning', g.evidence_json->>'reasoning') ORDER BY g.id), '[]')
    FROM judgments g WHERE g.message_id = i.message_id AND g.current),
  'checks', (SELECT coalesce(jsonb_agg(jsonb_build_object('type', w.validator->>'type', 'passed', w.passed,
      'explanation', w.explanation) ORDER BY w.position), '[]')
    FROM validator_results w WHERE w.message_id = i.message_id)) AS whole
  FROM ${itemTables} WHERE i.batch_test_run_id = $1::uuid AND i.position = $2::int`

const errorsSql = `SELECT jsonb_build_object('stage', CASE i.state WHEN 'failed' THEN 'answer' ELSE 'judge' END,
    'kind', i.failure->>'kind', 'message', i.failure->>'message', 'count', count(*),
    'retryable', bool_or((i.failure->>'retryable')::boolean),
    'positions', to_jsonb((array_agg(i.position ORDER BY i.position))[1:${examplesPerError}])) AS error
  FROM batch_test_items i WHERE i.batch_test_run_id = $1::uuid AND i.state IN ('failed', 'judge_failed')
  GROUP BY i.state, i.failure->>'kind', i.failure->>'message'
  ORDER BY count(*) DESC, min(i.position) LIMIT $2`

const spreadSql = `WITH given AS (
    SELECT ${scoreSql('i', '$2::text')} AS score FROM batch_test_items i WHERE i.batch_test_run_id = $1::uuid),
  scored AS (SELECT score FROM given WHERE score IS NOT NULL)
  SELECT jsonb_build_object('n', count(*), 'mean', avg(score), 'sd', stddev_samp(score), 'min', min(score),
    'median', percentile_cont(0.5) WITHIN GROUP (ORDER BY score), 'max', max(score),
    'counts', (SELECT jsonb_agg((SELECT count(*) FROM scored WHERE floor(score) = p.point) ORDER BY p.point)
      FROM generate_series(1, 10) AS p(point))) AS spread FROM scored`

/** Cases are the same when their ids are; of several repeats the same one is compared. */
const changesSql = `WITH changed AS (
    SELECT i.id, i.position, ${scoreSql('b', '$3::text')} AS before, ${scoreSql('i', '$3::text')} AS after
    FROM ${itemTables}
    JOIN batch_test_items b ON b.batch_test_run_id = $2::uuid AND b.repeat = i.repeat
    JOIN suite_cases l ON l.id = b.suite_case_id AND l.case_id = k.case_id
    WHERE i.batch_test_run_id = $1::uuid),
  found AS (SELECT * FROM changed WHERE $4::int * (after - before) >= 1)
  SELECT (SELECT count(*)::int FROM found) AS total, (SELECT coalesce(jsonb_agg(page.change ORDER BY page.size DESC,
      page.position), '[]') FROM (
    SELECT abs(f.after - f.before) AS size, f.position,
      jsonb_build_object('item', ${itemJson}, 'before', f.before, 'after', f.after) AS change
    FROM found f JOIN batch_test_items i ON i.id = f.id JOIN suite_cases k ON k.id = i.suite_case_id
    ORDER BY abs(f.after - f.before) DESC, f.position LIMIT $5) page) AS changes`

/** Some words before and after the place. */
const snippetSql = (text: string) =>
  `substring(${text} FROM greatest(1, position(lower($3::text) IN lower(${text})) - 40) FOR 120)`

const hitsSql = `SELECT ${itemJson} AS item, found."where", found.snippet, count(*) OVER ()::int AS total FROM (
    SELECT i.id, 'prompt' AS "where", ${snippetSql('t')} AS snippet
    FROM ${itemTables} CROSS JOIN LATERAL jsonb_array_elements_text(k.turns) t
    WHERE i.batch_test_run_id = $1::uuid AND $4::text <> 'answers' AND t ILIKE $2::text
    UNION ALL
    SELECT i.id, 'answer', ${snippetSql('m.content')} FROM batch_test_items i JOIN messages m ON m.id = i.message_id
    WHERE i.batch_test_run_id = $1::uuid AND $4::text <> 'prompts' AND m.content ILIKE $2::text) found
  JOIN batch_test_items i ON i.id = found.id JOIN suite_cases k ON k.id = i.suite_case_id
  ORDER BY i.position LIMIT $5`

const recentSql = `SELECT item FROM (
    SELECT DISTINCT ON (e.body#>>'{item,id}') e.seq, e.body->'item' AS item FROM run_events e
    JOIN batch_test_runs r ON r.id = e.batch_test_run_id
    WHERE e.batch_test_run_id = $1::uuid AND e.seq > r.last_event_seq - $2::int * ${eventsPerItem}
      AND e.body->>'type' = 'item' ORDER BY e.body#>>'{item,id}', e.seq DESC) latest
  WHERE item->>'state' IN ('answered', 'judged', 'judge_failed', 'failed') ORDER BY seq DESC LIMIT $2`

/** Facts about a run for the observer; every figure is counted by the database. */
export function createRunFactsStore(database: Database): RunFactsStore {
  const query = <T>(sql: string, ...values: unknown[]) => database.prisma.$queryRawUnsafe<T[]>(sql, ...values)
  const items = createItemQueries(database)

  return {
    async read(runId) {
      const [row] = await query<{ run: RunRow } & Omit<RunFacts, 'run' | 'sums'>>(
        `SELECT ${runJson} AS run, ${failuresSql} AS failures, ${earlierSql} AS earlier, ${baselineSql} AS baseline
         FROM ${runTables} WHERE r.id = $1::uuid`,
        runId,
      )
      if (!row) return null
      const { run, earlier, ...rest } = row
      return {
        ...rest,
        run: toRunDetail(run),
        sums: run.sums,
        earlier: earlier && { ...earlier, at: isoTime(earlier.at) },
      }
    },

    countItems: async (runId, filter) => (await items.itemPositions({ runId, ...filter })).length,

    async checks(runId, by) {
      if (by === 'type') return (await items.checks.type(runId)).map(({ type, ...rest }) => ({ name: type, ...rest }))
      if (by === 'tag') return (await items.checks.tag(runId)).map(({ tag, ...rest }) => ({ name: tag, ...rest }))
      return (await items.checks.group(runId)).map(({ group, ...rest }) => ({ name: group, ...rest }))
    },

    async itemAt(runId, position) {
      const [row] = await query<{ whole: WholeItem }>(wholeItemSql, runId, position)
      return row?.whole ?? null
    },

    async errors(runId, limit) {
      const rows = await query<{ error: ErrorExample }>(errorsSql, runId, limit)
      return rows.map(({ error }) => error)
    },

    async spread(runId, criterion) {
      const [row] = await query<{ spread: ScoreSpread }>(spreadSql, runId, criterion)
      if (!row) throw new Error('An aggregate has no row.')
      return row.spread
    },

    async changes(runId, otherRunId, criterion, direction, limit) {
      const sign = direction === 'worse' ? -1 : 1
      const [row] = await query<{ total: number; changes: Change[] }>(
        changesSql,
        runId,
        otherRunId,
        criterion,
        sign,
        limit,
      )
      return row ?? { total: 0, changes: [] }
    },

    async search(runId, text, where, limit) {
      const wanted = text.replaceAll('\0', '\ufffd')
      const rows = await query<TextHit & { total: number }>(hitsSql, runId, likePattern(wanted), wanted, where, limit)
      return { total: rows[0]?.total ?? 0, hits: rows.map(({ total: _total, ...hit }) => hit) }
    },

    caseScores: (runId, criterion) =>
      query<CaseScore>(
        `SELECT * FROM (SELECT k.case_id AS "caseId", k.group_name AS "group", ${scoreSql('i', '$2::text')} AS score
           FROM ${itemTables} WHERE i.batch_test_run_id = $1::uuid ORDER BY i.position) given WHERE score IS NOT NULL`,
        runId,
        criterion,
      ),

    async findRun(sessionId) {
      const [row] = await query<{ run: OtherRun }>(
        `SELECT ${otherRunJson} AS run FROM ${otherRunTables} WHERE oc.session_id = $1::text ORDER BY o.id DESC LIMIT 1`,
        sessionId,
      )
      return row?.run ?? null
    },

    async cite(runId, numbers) {
      const rows = await query<{ citation: Citation }>(
        `SELECT jsonb_build_object('number', i.position + 1, 'itemId', i.id, 'messageId', i.message_id,
           'caseId', k.case_id) AS citation FROM ${itemTables}
         WHERE i.batch_test_run_id = $1::uuid AND i.position = ANY(SELECT unnest($2::int[]) - 1) ORDER BY i.position`,
        runId,
        numbers,
      )
      return rows.map(({ citation }) => citation)
    },

    async recent(runId, limit) {
      const rows = await query<{ item: Item }>(recentSql, runId, limit)
      return rows
        .map(({ item: { id, position, state, latencyMs, failure } }): RecentItem => ({
          id,
          position,
          state,
          latencyMs,
          failure,
        }))
        .toReversed()
    },
  }
}
