import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { Database } from '../../apps/server/src/persistence/database.ts'
import { openEmbedded } from '../../apps/server/src/persistence/embedded/open-embedded.ts'
import { openPostgresql } from '../../apps/server/src/persistence/postgresql.ts'
import { makeEmbeddedDump } from '../../apps/server/test/persistence/support/make-dump.ts'
import { runSql } from '../../apps/server/test/persistence/support/run-sql.ts'
import type { TestRun } from './postgres-global-setup.ts'

export interface TestDatabase {
  name: Database['kind']
  /** A fresh, migrated, empty database; closing it drops it. */
  open(): Promise<Database>
}

/** The server for tests, or null where there is none (the global setup has said so). */
export const postgresUrl: string | null = inject('postgresUrl')
const testRun: TestRun = inject('testRun')

/** Every kind of database that can be tested here, for `describe.each`. */
export const testDatabases: TestDatabase[] = [
  { name: 'embedded', open: openFreshEmbedded },
  ...(postgresUrl === null ? [] : [{ name: 'postgresql' as const, open: openFreshPostgresql }]),
]

if (postgresUrl === null)
  console.warn('\n!!! SKIPPED in this file: everything on PostgreSQL. Only the embedded database is tested. !!!\n')

/** A migrated, empty PostgreSQL database, for tests that start a whole server on it. */
export function createPostgresDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return copyDatabase(true)
}

/** A PostgreSQL database without anything in it. */
export function createEmptyPostgresDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return copyDatabase(false)
}

async function openFreshEmbedded(): Promise<Database> {
  const path = `${testRun.folder}/embedded.tar`
  if (!existsSync(path)) {
    const dump = await makeEmbeddedDump(testRun.folder)
    // Two processes may get here together: each writes a whole file, and the last one stays.
    const own = `${path}.${process.pid}`
    await writeFile(own, Buffer.from(await dump.arrayBuffer()))
    await rename(own, path)
  }
  return openEmbedded('memory://', new Blob([await readFile(path)]))
}

async function openFreshPostgresql(): Promise<Database> {
  const { url, drop } = await createPostgresDatabase()
  const database = await openPostgresql(url)
  return {
    ...database,
    async close() {
      await database.close()
      await drop()
    },
  }
}

async function copyDatabase(migrated: boolean): Promise<{ url: string; drop(): Promise<void> }> {
  if (postgresUrl === null) throw new Error('There is no PostgreSQL server; check `postgresUrl` first.')
  const admin = postgresUrl
  const template = migrated ? await ensureTemplate(admin) : 'template0'
  const name = `proctor_test_${testRun.id}_${randomBytes(6).toString('hex')}`
  await runSql(admin, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  return {
    url: withDatabase(admin, name),
    drop: () => dropDatabase(admin, name),
  }
}

async function dropDatabase(admin: string, name: string): Promise<void> {
  try {
    // Waits some seconds for sessions that are just ending: cutting these off would raise errors in their clients.
    await runSql(admin, `DROP DATABASE IF EXISTS ${name}`)
  } catch {
    await runSql(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
}

/** A migrated database to copy, made once per test run by whoever comes first. */
async function ensureTemplate(admin: string): Promise<string> {
  const name = `proctor_test_${testRun.id}_template`
  if (await databaseExists(admin, name)) return name
  const making = `${name}_${randomBytes(4).toString('hex')}`
  await runSql(admin, `CREATE DATABASE ${making} TEMPLATE template0`)
  const database = await openPostgresql(withDatabase(admin, making))
  await database.close()
  try {
    await runSql(admin, `ALTER DATABASE ${making} RENAME TO ${name}`)
  } catch (error) {
    // Another process was quicker: its template is as good.
    await dropDatabase(admin, making)
    if (!(await databaseExists(admin, name))) throw error
  }
  return name
}

async function databaseExists(admin: string, name: string): Promise<boolean> {
  return (await runSql(admin, 'SELECT 1 FROM pg_database WHERE datname = $1', [name])).length > 0
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
