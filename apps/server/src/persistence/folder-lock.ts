import { open, readFile, rm } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'

interface Owner {
  pid: number
  /** When that process started: pids are used again, start times are not. */
  startedAt: string
}

/**
 * Takes a folder for this process: a second process on one PGlite folder would corrupt it.
 * A lock whose process is gone (kill -9, power cut) is taken over.
 * @throws Error naming the folder, the other process and the way out
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  // Beside the folder's own files; PostgreSQL ignores names that it does not know.
  const path = `${folder}.lock`
  const owner: Owner = { pid: process.pid, startedAt: startTimeOf(process.pid) ?? 'unknown' }
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(path, 'wx')
      await file.writeFile(JSON.stringify(owner))
      await file.close()
      return { release: () => rm(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const other = await readOwner(path)
    if (other && startTimeOf(other.pid) === other.startedAt)
      throw new Error(
        `The database folder ${folder} is in use by process ${other.pid}. ` +
          'Stop that process, or name another folder in PROCTOR_DATA_DIR. ' +
          'For several processes on one database, set DATABASE_URL to a PostgreSQL server.',
      )
    await rm(path, { force: true })
  }
  throw new Error(`The lock ${path} cannot be taken; remove the file if no other Proctor uses the folder.`)
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner
  } catch {
    // Gone meanwhile, or cut off while it was written: nobody holds it.
    return null
  }
}

/** When a process started, as text that differs for each process; null when there is none. */
function startTimeOf(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}
