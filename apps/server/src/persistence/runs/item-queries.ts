import {
  itemStateOrder,
  maxScore,
  minScore,
  type Item,
  type ItemFilterInput,
  type ItemNeighbours,
  type ItemNeighboursInput,
  type ItemPositionsInput,
  type ItemSort,
  type ListItemsInput,
  type Page,
  type RunInsights,
} from '@proctor/schema'
import { UserError } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import { likePattern, toPage } from '../page.ts'
import { itemJson } from './rows.ts'

const itemTables = 'batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id'

/** Whole texts, not their previews; an item that was not answered has only its prompt. */
const textSql = `(k.case_id ILIKE $4::text OR i.failure->>'message' ILIKE $4::text
  OR EXISTS (SELECT 1 FROM jsonb_array_elements_text(k.turns) t WHERE t ILIKE $4::text)
  OR EXISTS (SELECT 1 FROM messages m WHERE m.item_id = i.id AND m.role = 'assistant' AND m.content ILIKE $4::text))`

/** A filter that is not given is null; `$1` is the run. Expects the aliases i and k. */
const filterSql = `i.batch_test_run_id = $1::uuid
  AND ($2::text[] IS NULL OR i.state::text = ANY($2::text[]))
  AND ($3::text IS NULL OR i.failure->>'kind' = $3::text)
  AND ($4::text IS NULL OR ${textSql})
  AND ($5::jsonb IS NULL OR NOT EXISTS (
    SELECT 1 FROM jsonb_to_recordset($5::jsonb) AS f(criterion text, min int, max int)
    WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(i.scores) s WHERE s->>'criterion' = f.criterion
      AND floor((s->>'score')::float8) BETWEEN f.min AND f.max)))
  AND ($6::text IS NULL OR (i.validators_passed < i.validators_total AND ($6::text = 'any' OR EXISTS (
    SELECT 1 FROM validator_results w
    WHERE w.message_id = i.message_id AND NOT w.passed AND w.validator->>'type' = $6::text))))
  AND ($7::text IS NULL OR $7::text = ANY(k.tags))
  AND ($8::text IS NULL OR k.group_name = $8::text)`
const firstFreeParameter = 9

function filterValues(runId: string, filter: ItemFilterInput): unknown[] {
  const scores = filter.scores?.map(({ criterion, min = minScore, max = maxScore }) => ({ criterion, min, max }))
  return [
    runId,
    filter.state ?? null,
    filter.failureKind ?? null,
    filter.text ? likePattern(filter.text) : null,
    scores && scores.length > 0 ? JSON.stringify(scores) : null,
    filter.failedCheck ?? null,
    storable(filter.tag),
    storable(filter.group),
  ]
}

/** No text in a database has U+0000. */
function storable(text: string | undefined): string | null {
  return text?.replaceAll('\0', '\ufffd') ?? null
}

const sortSql: Record<ItemSort['by'], string> = {
  position: 'i.position',
  state: `array_position('{${itemStateOrder.join(',')}}'::text[], i.state::text)`,
  latency: 'i.latency_ms',
  tokens: 'i.input_tokens + i.output_tokens',
  cost: 'i.cost_micros',
  checks: 'CASE WHEN i.validators_total > 0 THEN i.validators_passed::float8 / i.validators_total END',
  score: `(SELECT (s->>'score')::float8 FROM jsonb_array_elements(i.scores) s
    WHERE s->>'criterion' = $${firstFreeParameter + 3}::text LIMIT 1)`,
}

/** The rows of a run's table: pages of them, where they are, and what they add up to. */
export function createItemQueries({ prisma }: Database) {
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  const readChecks = async <T>(sql: string, runId: string): Promise<T[]> =>
    (await query<{ check: T }>(sql, runId)).map(({ check }) => check)
  const checks = {
    type: (runId: string) => readChecks<RunInsights['checks'][number]>(checksSql, runId),
    tag: (runId: string) => readChecks<RunInsights['tags'][number]>(casesSql('tag', 'unnest(k.tags) AS name'), runId),
    group: (runId: string) =>
      readChecks<RunInsights['groups'][number]>(casesSql('group', '(SELECT k.group_name) AS named(name)'), runId),
  }

  async function byPosition({ runId, cursor, limit, ...filter }: ListItemsInput): Promise<Page<Item>> {
    const [after = -1] = readCursor(cursor, /^(\d{1,9})$/)
    const rows = await query<{ item: Item }>(
      `SELECT ${itemJson} AS item FROM ${itemTables} WHERE ${filterSql} AND i.position > $9::int
       ORDER BY i.position LIMIT $10`,
      ...filterValues(runId, filter),
      after,
      limit + 1,
    )
    return toPage(
      rows,
      limit,
      ({ item }) => item,
      (item) => String(item.position),
    )
  }

  /** The order is found by ids alone; only the rows of the page are read whole. */
  async function sorted({ runId, cursor, limit, ...filter }: ListItemsInput, sort: ItemSort): Promise<Page<Item>> {
    const [afterKey = null, afterPosition = null] = readCursor(cursor, /^(-?[\d.e+-]+|Infinity) (\d{1,9})$/)
    const sign = sort.descending ? -1 : 1
    const rows = await query<{ item: Item; key: string }>(
      `SELECT ${itemJson} AS item, page.key::text AS key FROM (
         SELECT * FROM (
           SELECT i.id, i.position, coalesce(${sign} * (${sortSql[sort.by]})::float8, 'Infinity') AS key
           FROM ${itemTables} WHERE ${filterSql}) found
         WHERE $9::float8 IS NULL OR (found.key, found.position) > ($9::float8, $10::int)
         ORDER BY found.key, found.position LIMIT $11) page
       JOIN batch_test_items i ON i.id = page.id JOIN suite_cases k ON k.id = i.suite_case_id
       ORDER BY page.key, page.position`,
      ...filterValues(runId, filter),
      afterKey === null ? null : String(afterKey),
      afterPosition,
      limit + 1,
      ...(sort.by === 'score' ? [sort.criterion] : []),
    )
    const page = toPage(
      rows,
      limit,
      (row) => row,
      ({ key, item }) => `${key} ${item.position}`,
    )
    return { items: page.items.map(({ item }) => item), nextCursor: page.nextCursor }
  }

  return {
    async listItems({ sort, ...input }: ListItemsInput): Promise<Page<Item>> {
      return sort && (sort.by !== 'position' || sort.descending) ? sorted(input, sort) : byPosition(input)
    },

    async itemPositions({ runId, ...filter }: ItemPositionsInput): Promise<number[]> {
      const rows = await query<{ position: number }>(
        `SELECT i.position FROM ${itemTables} WHERE ${filterSql} ORDER BY i.position`,
        ...filterValues(runId, filter),
      )
      return rows.map(({ position }) => position)
    },

    async neighbours({ itemId, ...filter }: ItemNeighboursInput): Promise<ItemNeighbours | null> {
      const [row] = await query<{ item: Item; runId: string }>(
        `SELECT ${itemJson} AS item, i.batch_test_run_id AS "runId" FROM ${itemTables} WHERE i.id = $1::uuid`,
        itemId,
      )
      if (!row) return null
      const [found] = await query<Omit<ItemNeighbours, 'item'>>(
        `SELECT (array_agg(i.id ORDER BY i.position DESC) FILTER (WHERE i.position < $9::int))[1] AS "previousId",
           (array_agg(i.id ORDER BY i.position) FILTER (WHERE i.position > $9::int))[1] AS "nextId",
           count(*)::int AS total, count(*) FILTER (WHERE i.position < $9::int)::int AS before
         FROM ${itemTables} WHERE ${filterSql}`,
        ...filterValues(row.runId, filter),
        row.item.position,
      )
      return found ? { item: row.item, ...found } : null
    },

    async insights(runId: string): Promise<RunInsights> {
      const scores = await query<{ criterion: string; counts: number[] }>(scoresSql, runId)
      return {
        scores,
        checks: await checks.type(runId),
        tags: await checks.tag(runId),
        groups: await checks.group(runId),
      }
    },

    /** Checks by what they check, or by the tag or the group of the case. */
    checks,
  }
}

/** From the rows themselves, so that a bar has as many items as the rows that it stands for. */
const scoresSql = `SELECT criterion, array_agg(n ORDER BY point) AS counts FROM (
    SELECT c.criterion, p.point, count(s.criterion)::int AS n
    FROM (SELECT DISTINCT s->>'criterion' AS criterion
          FROM batch_test_items i, jsonb_array_elements(i.scores) s WHERE i.batch_test_run_id = $1::uuid) c
    CROSS JOIN generate_series(${minScore}, ${maxScore}) AS p(point)
    LEFT JOIN (SELECT s->>'criterion' AS criterion, floor((s->>'score')::float8)::int AS point
          FROM batch_test_items i, jsonb_array_elements(i.scores) s WHERE i.batch_test_run_id = $1::uuid) s
      ON s.criterion = c.criterion AND s.point = p.point
    GROUP BY c.criterion, p.point) counted
  GROUP BY criterion ORDER BY criterion`

const checksSql = `SELECT jsonb_build_object('type', w.validator->>'type', 'passed', count(*) FILTER (WHERE w.passed),
    'total', count(*)) AS check
  FROM batch_test_items i JOIN validator_results w ON w.message_id = i.message_id
  WHERE i.batch_test_run_id = $1::uuid AND i.validators_total > 0
  GROUP BY w.validator->>'type'
  ORDER BY count(*) FILTER (WHERE w.passed)::float8 / count(*), count(*) DESC, w.validator->>'type'`

/** More tags or groups than this are no overview any more; the worst are named. */
const maxNames = 50

/** Checks by a name of the case; `source` lists its names as `name`. */
function casesSql(label: 'tag' | 'group', source: string): string {
  return `SELECT jsonb_build_object('${label}', name, 'passed', sum(i.validators_passed),
      'total', sum(i.validators_total)) AS check
    FROM ${itemTables} CROSS JOIN LATERAL ${source}
    WHERE i.batch_test_run_id = $1::uuid AND i.validators_total > 0 AND name IS NOT NULL
    GROUP BY name ORDER BY sum(i.validators_passed)::float8 / sum(i.validators_total), sum(i.validators_total) DESC, name
    LIMIT ${maxNames}`
}

function readCursor(cursor: string | null | undefined, shape: RegExp): number[] {
  if (!cursor) return []
  const parts = shape.exec(cursor)?.slice(1).map(Number)
  if (parts && !parts.some(Number.isNaN)) return parts
  throw new UserError('invalid-input', {
    field: 'cursor',
    message: 'The cursor is not one of this list, or belongs to another sort.',
    mend: 'Start again without a cursor and pass on what each page names as its `nextCursor`.',
  })
}
