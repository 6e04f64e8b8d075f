import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rm, rmdir, stat } from 'node:fs/promises'

interface Owner {
  pid: number
  /** When that process started: pids are used again, start times are not. Null where it cannot be known. */
  startedAt: string | null
}

const retryEveryMs = 50
const giveUpAfterMs = 10_000
/** A takeover takes milliseconds; a guard older than this was left by a process that died in it. */
const guardHoldsMs = 5000

/**
 * Takes a folder for this process: a second process on one PGlite folder would corrupt it.
 * A lock whose process is gone (kill -9, power cut) is taken over.
 * @throws Error naming the folder, the other process and the way out
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  // Beside the folder's own files, which PostgreSQL wants to have for itself.
  const path = `${folder}.lock`
  const deadline = Date.now() + giveUpAfterMs
  while (Date.now() < deadline) {
    if (create(path)) return { release: () => rm(path, { force: true }) }
    const other = await readOwner(path)
    if (typeof other === 'object' && isRunning(other))
      throw new Error(
        `The database folder ${folder} is in use by process ${other.pid}. ` +
          'Stop that process, or name another folder in PROCTOR_DATA_DIR. ' +
          'For several processes on one database, set DATABASE_URL to a PostgreSQL server.',
      )
    await removeStale(path)
    await sleep(retryEveryMs)
  }
  throw new Error(`The lock ${path} cannot be taken; remove the file if no other Proctor uses the folder.`)
}

/** Writes the lock unless there is one. */
function create(path: string): boolean {
  const owner: Owner = { pid: process.pid, startedAt: startTimeOf(process.pid) }
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes a lock that nobody holds. One process at a time: else one could remove what another has just taken. */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.takeover`
  try {
    await mkdir(guard)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const since = await stat(guard).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - since > guardHoldsMs) await rmdir(guard).catch(() => {})
    return
  }
  try {
    const owner = await readOwner(path)
    if (owner === 'unreadable' || (owner !== 'missing' && !isRunning(owner))) await rm(path, { force: true })
  } finally {
    await rmdir(guard).catch(() => {})
  }
}

async function readOwner(path: string): Promise<Owner | 'missing' | 'unreadable'> {
  // Its owner may be about to write it: look a second time before calling it unreadable.
  for (const isLast of [false, true])
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Owner
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing'
      if (!isLast) await sleep(2 * retryEveryMs)
    }
  return 'unreadable'
}

function isRunning({ pid, startedAt }: Owner): boolean {
  const now = startTimeOf(pid)
  if (startedAt !== null && now !== null) return startedAt === now
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process started, as text that differs for each process; null when there is none or nobody can say. */
function startTimeOf(pid: number): string | null {
  if (process.platform === 'linux') return linuxStartTimeOf(pid)
  try {
    // In one language and time zone, whatever those of the two processes are.
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim() || null
  } catch {
    return null
  }
}

function linuxStartTimeOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // After the name, which may hold spaces and brackets: the state, and as the 20th field the start in ticks.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie (Z) has ended already.
    return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19]}`
  } catch {
    return null
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
