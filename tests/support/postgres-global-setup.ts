import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { runSql } from '../../apps/server/test/persistence/support/run-sql.ts'

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

const startTimeoutMs = 30_000

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
  const bin = findPrograms()
  if (!bin) return skip('no initdb and postgres in PATH or /usr/lib/postgresql/*/bin')
  try {
    return await startServer(bin, join(folder, 'postgres'))
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

/** The folder with initdb and postgres, the newest version first after PATH. */
function findPrograms(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => `${debian}/${version}/bin`),
  ]
  return folders.find((dir) => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'postgres'))) ?? null
}

async function startServer(bin: string, folder: string): Promise<Server> {
  const owner = unprivilegedUser()
  mkdirSync(folder, { mode: 0o700 })
  if (owner) {
    chownSync(folder, owner.uid, owner.gid)
    // Only to pass through: the server's own folder stays closed to others.
    chownSync(join(folder, '..'), owner.uid, owner.gid)
  }
  const data = join(folder, 'data')
  const options = { cwd: folder, ...owner }
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(bin, 'initdb'), initdb, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
  ]
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(join(bin, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  // Whatever ends this process must not leave a server behind.
  const kill = () => void child.kill('SIGQUIT')
  process.once('exit', kill)
  await untilReady(child)
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    isShared: false,
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      kill()
      await exited
    },
  }
}

/** PostgreSQL refuses to run as root: then another user of this machine has to own it. */
function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  for (const user of ['postgres', 'nobody'])
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such user: the next one.
    }
  throw new Error('this is root, and there is no user postgres or nobody to run it as')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const fail = (why: string) => {
      child.kill('SIGQUIT')
      reject(new Error(`${why}\n${log}`))
    }
    const timer = setTimeout(() => fail(`not ready after ${startTimeoutMs} ms`), startTimeoutMs)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => fail(`postgres ended with code ${code}`))
    child.stderr?.on('data', (chunk: Buffer) => {
      // Read on after it is ready as well: a full pipe would halt the server.
      log = (log + chunk.toString()).slice(-4000)
      if (!log.includes('ready to accept connections')) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve()
    })
  })
}
