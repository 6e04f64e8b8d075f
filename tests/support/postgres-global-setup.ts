import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { runSql } from '../../apps/server/test/persistence/support/run-sql.ts'
import { findPostgresPrograms, startPostgresServer } from './postgres-server.ts'

/** Marks the databases of this test run, and names a folder for its files. */
export interface TestRun {
  id: string
  folder: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server on which databases can be created, or null where there is none. */
    postgresUrl: string | null
    testRun: TestRun
  }
}

interface Server {
  url: string
  /** It goes on after the tests, and what they left on it has to go. */
  isShared: boolean
  stop(): Promise<void>
}

/** A vitest global setup: one PostgreSQL server for all tests, the user's or a throwaway one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-test-'))
  const server = await findServer(folder)
  project.provide('postgresUrl', server?.url ?? null)
  // Vitest may end the process before it has waited for the teardown: what is left is removed then.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  process.once('exit', remove)
  const id = randomBytes(4).toString('hex')
  project.provide('testRun', { id, folder })
  return async () => {
    if (server?.isShared) await dropDatabases(server.url, `proctor_test_${id}_`)
    await server?.stop()
    remove()
  }
}

/** What tests that broke left behind, and the template. */
async function dropDatabases(url: string, prefix: string): Promise<void> {
  const sql = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)'
  const rows = await runSql<{ datname: string }>(url, sql, [prefix])
  for (const { datname } of rows) await runSql(url, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
}

async function findServer(folder: string): Promise<Server | null> {
  const url = process.env['TEST_DATABASE_URL']
  if (url) return { url, isShared: true, stop: () => Promise.resolve() }
  const bin = findPostgresPrograms()
  if (!bin) return skip('no initdb and postgres in PATH or /usr/lib/postgresql/*/bin')
  try {
    const { url: own, stop } = await startPostgresServer(bin, join(folder, 'postgres'), 'fast')
    return { url: own, isShared: false, stop }
  } catch (error) {
    return skip(
      `the programs in ${bin} could not be started: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function skip(why: string): null {
  const line = '!'.repeat(100)
  console.warn(
    [
      '',
      line,
      `!!! SKIPPED: every test against a PostgreSQL server (${why}).`,
      '!!! Only the embedded database is tested: not the stores on PostgreSQL, not the reconnecting listener,',
      '!!! not several servers on one database.',
      '!!! Install PostgreSQL 15 or newer, or set TEST_DATABASE_URL to a server where databases can be created.',
      line,
      '',
    ].join('\n'),
  )
  return null
}
