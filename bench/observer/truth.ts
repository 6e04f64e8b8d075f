import { compareCases } from '../../apps/server/src/domain/statistics/index.ts'

/** Facts of a run as plain SQL over its rows says them: nothing here goes through the code under test. */
export type Sql = <T>(text: string, ...values: unknown[]) => Promise<T[]>

export interface Truth {
  total: number
  done: number
  answered: number
  failed: number
  judged: number
  judgeFailed: number
  pending: number
  p50Ms: number
  p95Ms: number
  inputTokens: number
  outputTokens: number
  answersMicros: number
  judgingMicros: number
  checksPassed: number
  checksTotal: number
  criteria: { criterion: string; n: number; mean: number; sd: number; passed: number }[]
  failures: { stage: string; kind: string; n: number }[]
  errors: { stage: string; kind: string; message: string; n: number; items: number[] }[]
  checks: { type: string; passed: number; total: number }[]
  failedCheckItems: number[]
  slowest: { item: number; ms: number }[]
  dearest: { item: number; micros: number }[]
  lowest: (criterion: string) => { item: number; score: number }[]
  spread: { min: number; median: number; max: number; points: { score: number; n: number }[] }
  comparison: {
    criterion: string
    cases: number
    before: number
    now: number
    change: number
    low: number
    high: number
    p: number
  }[]
  worse: (criterion: string) => { total: number; items: { item: number; before: number; after: number }[] }
}

/** The criterion that questions name. */
export const asked = 'helpfulness'

export async function readTruth(sql: Sql, runId: string, baselineId: string): Promise<Truth> {
  const one = async <T>(text: string): Promise<T> => {
    const [row] = await sql<T>(text, runId)
    if (!row) throw new Error(`No row: ${text}`)
    return row
  }
  const counts = await one<Omit<Truth, 'done' | 'answered'> & { hasAnswer: number }>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE state = 'failed')::int AS failed,
       count(*) FILTER (WHERE state = 'judged')::int AS judged,
       count(*) FILTER (WHERE state = 'judge_failed')::int AS "judgeFailed",
       count(*) FILTER (WHERE state IN ('pending', 'running'))::int AS pending,
       count(*) FILTER (WHERE message_id IS NOT NULL)::int AS "hasAnswer",
       percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) AS "p50Ms",
       percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS "p95Ms"
     FROM batch_test_items WHERE batch_test_run_id = $1::uuid`,
  )
  const money = await one<Pick<Truth, 'inputTokens' | 'outputTokens' | 'answersMicros'>>(
    `SELECT sum(m.input_tokens)::int AS "inputTokens", sum(m.output_tokens)::int AS "outputTokens",
       sum(m.cost_micros)::int AS "answersMicros"
     FROM messages m JOIN conversations c ON c.id = m.conversation_id
     WHERE c.batch_test_run_id = $1::uuid AND m.role = 'assistant'`,
  )
  const judging = await one<Pick<Truth, 'judgingMicros'>>(
    `SELECT coalesce(sum(j.cost_micros), 0)::int AS "judgingMicros" FROM judge_calls j
     JOIN messages m ON m.id = j.message_id JOIN conversations c ON c.id = m.conversation_id
     WHERE c.batch_test_run_id = $1::uuid`,
  )
  const checks = await sql<Truth['checks'][number]>(
    `SELECT w.validator->>'type' AS type, count(*) FILTER (WHERE w.passed)::int AS passed, count(*)::int AS total
     FROM validator_results w JOIN messages m ON m.id = w.message_id JOIN conversations c ON c.id = m.conversation_id
     WHERE c.batch_test_run_id = $1::uuid GROUP BY 1 ORDER BY count(*) FILTER (WHERE w.passed)::float8 / count(*), 3 DESC, 1`,
    runId,
  )
  const positions = async (text: string) => (await sql<{ item: number }>(text, runId)).map(({ item }) => item)
  const scoresOf = `judgments g JOIN batch_test_items i ON i.message_id = g.message_id
    JOIN suite_cases k ON k.id = i.suite_case_id WHERE g.current AND i.batch_test_run_id = $1::uuid`
  const scores = (id: string) =>
    sql<{ criterion: string; caseId: string; score: number; item: number }>(
      `SELECT g.criterion, k.case_id AS "caseId", g.score, i.position + 1 AS item FROM ${scoresOf} ORDER BY i.position`,
      id,
    )
  const [own, other] = [await scores(runId), await scores(baselineId)]
  const criteria = await sql<Truth['criteria'][number]>(
    `SELECT g.criterion, count(*)::int AS n, avg(g.score) AS mean, stddev_samp(g.score) AS sd,
       count(*) FILTER (WHERE g.passed)::int AS passed FROM ${scoresOf} GROUP BY 1 ORDER BY 1`,
    runId,
  )
  const points = await sql<{ score: number; n: number }>(
    `SELECT floor(g.score)::int AS score, count(*)::int AS n FROM ${scoresOf} AND g.criterion = '${asked}' GROUP BY 1 ORDER BY 1`,
    runId,
  )
  const ends = await one<{ min: number; median: number; max: number }>(
    `SELECT min(g.score) AS min, percentile_cont(0.5) WITHIN GROUP (ORDER BY g.score) AS median, max(g.score) AS max
     FROM ${scoresOf} AND g.criterion = '${asked}'`,
  )
  const stage = `CASE i.state WHEN 'failed' THEN 'answer' ELSE 'judge' END`
  const ofFailed = `FROM batch_test_items i WHERE i.batch_test_run_id = $1::uuid AND i.failure IS NOT NULL`
  const { hasAnswer, ...rest } = counts
  return {
    ...rest,
    ...money,
    ...judging,
    answered: hasAnswer,
    done: hasAnswer + counts.failed,
    checksPassed: checks.reduce((sum, { passed }) => sum + passed, 0),
    checksTotal: checks.reduce((sum, { total }) => sum + total, 0),
    criteria,
    checks,
    failures: await sql(
      `SELECT ${stage} AS stage, i.failure->>'kind' AS kind, count(*)::int AS n ${ofFailed} GROUP BY 1, 2 ORDER BY 3 DESC`,
      runId,
    ),
    errors: await sql(
      `SELECT ${stage} AS stage, i.failure->>'kind' AS kind, i.failure->>'message' AS message, count(*)::int AS n,
         (array_agg(i.position + 1 ORDER BY i.position))[1:3] AS items ${ofFailed}
       GROUP BY 1, 2, 3 ORDER BY 4 DESC, min(i.position) LIMIT 6`,
      runId,
    ),
    failedCheckItems: await positions(
      `SELECT i.position + 1 AS item FROM batch_test_items i WHERE i.batch_test_run_id = $1::uuid AND EXISTS (
         SELECT 1 FROM validator_results w WHERE w.message_id = i.message_id AND NOT w.passed) ORDER BY 1`,
    ),
    slowest: await sql(
      `SELECT position + 1 AS item, latency_ms AS ms FROM batch_test_items WHERE batch_test_run_id = $1::uuid
         AND latency_ms IS NOT NULL ORDER BY latency_ms DESC, position LIMIT 5`,
      runId,
    ),
    dearest: await sql(
      `SELECT i.position + 1 AS item, m.cost_micros::int AS micros FROM batch_test_items i
       JOIN messages m ON m.id = i.message_id WHERE i.batch_test_run_id = $1::uuid
       ORDER BY m.cost_micros DESC, i.position LIMIT 5`,
      runId,
    ),
    lowest: (criterion) =>
      own
        .filter((row) => row.criterion === criterion)
        .toSorted((a, b) => a.score - b.score || a.item - b.item)
        .slice(0, 5),
    spread: { ...ends, points },
    comparison: criteria.map(({ criterion }) => compare(criterion, own, other)),
    worse: (criterion) => {
      const before = new Map(other.filter((row) => row.criterion === criterion).map((row) => [row.caseId, row.score]))
      const items = own
        .filter((row) => row.criterion === criterion)
        .map(({ item, caseId, score }) => ({ item, before: before.get(caseId) ?? score, after: score }))
        .filter((row) => row.before - row.after >= 1)
        .toSorted((a, b) => b.before - b.after - (a.before - a.after) || a.item - b.item)
      return { total: items.length, items }
    },
  }
}

/** Means from SQL's scores; interval and p from the functions that the statistics' own tests hold to scipy. */
function compare(
  criterion: string,
  own: { criterion: string; caseId: string; score: number }[],
  other: { criterion: string; caseId: string; score: number }[],
): Truth['comparison'][number] {
  const side = (rows: typeof own) => {
    const chosen = rows.filter((row) => row.criterion === criterion)
    return { caseIds: chosen.map(({ caseId }) => caseId), scores: chosen.map(({ score }) => score) }
  }
  const outcome = compareCases(side(other), side(own))
  if (!outcome.ok || outcome.design !== 'paired') throw new Error(`${criterion} is not paired.`)
  const { pairs, baselineMean, candidateMean, difference } = outcome.comparison
  const { interval, pValue } = difference.test ?? {}
  return {
    criterion,
    cases: pairs,
    before: baselineMean,
    now: candidateMean,
    change: difference.mean,
    low: interval?.lower ?? Number.NaN,
    high: interval?.upper ?? Number.NaN,
    p: pValue ?? Number.NaN,
  }
}
