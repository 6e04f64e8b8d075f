import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'

const startTimeoutMs = 30_000

/** A throwaway PostgreSQL server of our own. */
export interface PostgresServer {
  url: string
  /** The process that listens. */
  pid(): number
  /** Ends it at once, without a checkpoint: what a crash of the database looks like to its clients. */
  stop(): Promise<void>
  /** Starts it again on the same files and port, after a stop. */
  restart(): Promise<void>
}

/** The folder with initdb and postgres, the newest version first after PATH; null where there is none. */
export function findPostgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => `${debian}/${version}/bin`),
  ]
  return folders.find((dir) => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'postgres'))) ?? null
}

/**
 * Starts a server on a free port.
 * @param bin the folder of its programs
 * @param folder where it keeps its files; its parent must be ours alone
 * @param settings `durable` writes to the disk as a real one does; `fast` is for tests that never crash it
 */
export async function startPostgresServer(
  bin: string,
  folder: string,
  settings: 'durable' | 'fast',
): Promise<PostgresServer> {
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
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const parameters = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(settings === 'fast' ? fast : []),
  ]
  const args = ['-D', data, ...parameters.flatMap((parameter) => ['-c', parameter])]

  const start = async (): Promise<ChildProcess> => {
    const started = spawn(join(bin, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    await untilReady(started)
    return started
  }
  let child = await start()
  // Whatever ends this process must not leave a server behind.
  process.once('exit', () => void child.kill('SIGQUIT'))
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    pid: () => child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGQUIT')
      await exited
    },
    async restart() {
      child = await start()
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
    const endedEarly = (code: number | null) => fail(`postgres ended with code ${code}`)
    child.once('exit', endedEarly)
    child.stderr?.on('data', (chunk: Buffer) => {
      // Read on after it is ready as well: a full pipe would halt the server.
      log = (log + chunk.toString()).slice(-4000)
      if (!log.includes('ready to accept connections')) return
      clearTimeout(timer)
      child.off('exit', endedEarly)
      resolve()
    })
  })
}
