import { createHash } from 'node:crypto'
import type { CreateSuiteInput, CreateSuiteResult, SuiteCase, SuiteSummary, SuiteVersion } from '@proctor/schema'
import type { SuiteStore } from '../domain/ports.ts'
import { transactionOptions, type Database, type Transaction } from './database.ts'
import { uuidv7 } from './ids.ts'
import { toPage } from './page.ts'
import { storable, toJson } from './runs/write-group.ts'

const casesPerInsert = 1000

const summaryJson = `jsonb_build_object('id', s.id, 'name', s.name, 'description', s.description, 'version', v.version,
  'versionId', v.id, 'caseCount', v.case_count, 'validatorCount', v.validator_count, 'createdAt', v.created_at)`

const newestSql = `SELECT ${summaryJson} AS suite FROM suites s
  JOIN LATERAL (SELECT * FROM suite_versions w WHERE w.suite_id = s.id ORDER BY w.version DESC LIMIT 1) v ON true`

/** Suites and their immutable versions. */
export function createSuiteStore({ prisma }: Database): SuiteStore {
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)
  const save = (input: CreateSuiteInput, expectedVersion: number | null) => {
    const { name, description } = input
    const texts = storable({ name, description })
    return prisma.$transaction((tx) => saveSuite(tx, { ...input, ...texts }, expectedVersion), transactionOptions)
  }

  return {
    async save(input) {
      const saved = await save(input, null)
      if (!saved) throw new Error('A save that expects no version cannot meet another one.')
      return saved
    },

    saveNext: save,

    async listVersions(suiteId) {
      const rows = await query<{ version: SuiteVersion }>(
        `SELECT jsonb_build_object('versionId', v.id, 'version', v.version, 'caseCount', v.case_count,
           'createdAt', v.created_at,
           'runCount', (SELECT count(*) FROM batch_test_runs r WHERE r.suite_version_id = v.id)) AS version
         FROM suite_versions v WHERE v.suite_id = $1::uuid ORDER BY v.version DESC LIMIT 1000`,
        suiteId,
      )
      return rows.map(({ version }) => ({ ...version, createdAt: new Date(version.createdAt).toISOString() }))
    },

    async list({ cursor, limit }) {
      const rows = await query<{ suite: SuiteSummary }>(
        `${newestSql}
         WHERE ($1::uuid IS NULL OR s.id < $1::uuid) ORDER BY s.id DESC LIMIT $2`,
        cursor ?? null,
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        ({ suite }) => toSummary(suite),
        (suite) => suite.id,
      )
    },

    async getVersion(versionId) {
      const [row] = await query<{ suite: SuiteSummary }>(
        `SELECT ${summaryJson} AS suite FROM suite_versions v JOIN suites s ON s.id = v.suite_id WHERE v.id = $1::uuid`,
        versionId,
      )
      return row ? toSummary(row.suite) : null
    },

    async getNewest(suiteId) {
      const [row] = await query<{ suite: SuiteSummary }>(`${newestSql} WHERE s.id = $1::uuid`, suiteId)
      return row ? toSummary(row.suite) : null
    },

    async getByName(name) {
      const [row] = await query<{ suite: SuiteSummary }>(`${newestSql} WHERE s.name = $1`, storable(name))
      return row ? toSummary(row.suite) : null
    },

    async listCases(versionId, { cursor, limit }) {
      const rows = await query<{
        entry: Omit<SuiteCase, 'validators'>
        position: number
        validators: SuiteCase['validators']
      }>(
        `SELECT position, jsonb_strip_nulls(jsonb_build_object('id', case_id, 'turns', turns, 'system', system,
           'expected', expected, 'notes', notes, 'tags', to_jsonb(tags), 'group', group_name)) AS entry, validators
         FROM suite_cases WHERE suite_version_id = $1::uuid AND position > $2::int ORDER BY position LIMIT $3`,
        versionId,
        cursor ? Number(cursor) : -1,
        limit + 1,
      )
      const page = toPage(
        rows,
        limit,
        (row) => row,
        (row) => String(row.position),
      )
      // Validators stand apart: stripping nulls would reach into their JSON Schemas.
      return {
        items: page.items.map(({ entry, validators }) => ({ ...entry, validators })),
        nextCursor: page.nextCursor,
      }
    },
  }
}

async function saveSuite(
  tx: Transaction,
  input: CreateSuiteInput,
  expectedVersion: number | null,
): Promise<CreateSuiteResult | null> {
  // Two savers of one name wait for each other here.
  await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text`, input.name)
  const contentHash = createHash('sha256')
    .update(JSON.stringify([input.description, input.cases]))
    .digest('hex')
  const existing = await tx.suite.findUnique({
    where: { name: input.name },
    include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
  })
  const newest = existing?.versions[0]
  if (expectedVersion !== null && newest?.version !== expectedVersion) return null
  if (existing && newest?.contentHash === contentHash) return { ...summarize(existing, newest), created: 'nothing' }

  const suite = existing
    ? await tx.suite.update({ where: { id: existing.id }, data: { description: input.description } })
    : await tx.suite.create({ data: { id: uuidv7(), name: input.name, description: input.description } })
  const version = await tx.suiteVersion.create({
    data: {
      id: uuidv7(),
      suiteId: suite.id,
      version: (newest?.version ?? 0) + 1,
      contentHash,
      caseCount: input.cases.length,
      validatorCount: input.cases.reduce((sum, entry) => sum + entry.validators.length, 0),
    },
  })
  const rows = input.cases.map((entry, position) => ({ ...entry, rowId: uuidv7(), position }))
  for (let start = 0; start < rows.length; start += casesPerInsert)
    await tx.$executeRawUnsafe(
      `INSERT INTO suite_cases (id, suite_version_id, position, case_id, turns, system, expected, notes, tags, group_name,
         validators)
       SELECT n."rowId", $1::uuid, n.position, n.id, n.turns, n.system, n.expected, n.notes,
         ARRAY(SELECT jsonb_array_elements_text(n.tags)), n."group", n.validators
       FROM jsonb_to_recordset($2::jsonb) AS n("rowId" uuid, position int, id text, turns jsonb, system text,
         expected text, notes text, tags jsonb, "group" text, validators jsonb)`,
      version.id,
      toJson(rows.slice(start, start + casesPerInsert)),
    )
  return { ...summarize(suite, version), created: existing ? 'version' : 'suite' }
}

function summarize(
  suite: { id: string; name: string; description: string },
  version: { id: string; version: number; caseCount: number; validatorCount: number; createdAt: Date },
): SuiteSummary {
  const { id: versionId, version: number, caseCount, validatorCount, createdAt } = version
  const { id, name, description } = suite
  return {
    id,
    name,
    description,
    version: number,
    versionId,
    caseCount,
    validatorCount,
    createdAt: createdAt.toISOString(),
  }
}

function toSummary(row: SuiteSummary): SuiteSummary {
  return { ...row, createdAt: new Date(row.createdAt).toISOString() }
}
