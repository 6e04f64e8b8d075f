import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { lockFolder } from '../../src/persistence/embedded/folder-lock.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'

const script = fileURLToPath(new URL('support/insert-forever.ts', import.meta.url))

describe('the folder of an embedded database', () => {
  let root: string
  let folder: string
  let children: Child[]
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'proctor-folder-'))
    folder = join(root, 'data')
    children = []
  })
  afterEach(async () => {
    for (const child of children) child.kill()
    await Promise.all(children.map((child) => child.ended))
    await rm(root, { recursive: true, force: true })
  })

  interface Child {
    pid: number
    /** What it printed so far, a line each. */
    lines: string[]
    /** Resolves when that many lines are there, or it ended. */
    printed(count: number): Promise<unknown>
    ended: Promise<{ code: number | null; errors: string }>
    kill(): void
  }

  const start = (args: string[], env: Record<string, string> = {}): Child => {
    const options = { stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } }
    const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [script, ...args], options)
    const lines: string[] = []
    const watchers = new Set<() => void>()
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      for (const watcher of watchers) watcher()
    })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const ended = new Promise<{ code: number | null; errors: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, errors })),
    )
    const started: Child = {
      pid: child.pid ?? 0,
      lines,
      printed: (count) => {
        const enough = new Promise<void>((resolve) => watchers.add(() => lines.length >= count && resolve()))
        return lines.length >= count ? Promise.resolve() : Promise.race([enough, ended])
      },
      ended,
      kill: () => void child.kill('SIGKILL'),
    }
    children.push(started)
    return started
  }

  const readNames = async (): Promise<string[]> => {
    const database = await openDatabase({ kind: 'embedded', dataDir: folder })
    try {
      return (await database.prisma.suite.findMany({ orderBy: { id: 'asc' } })).map(({ name }) => name)
    } finally {
      await database.close()
    }
  }

  it('is refused to a second process, whose error names the folder and the first, and nothing is harmed', async () => {
    const first = start([folder])
    await first.printed(3)
    // Where and how the second one runs must not hide the first.
    const second = start([folder, '1'], { TZ: 'Asia/Tokyo', LC_ALL: 'C' })
    const { code, errors } = await second.ended
    expect(code).not.toBe(0)
    expect(second.lines).toEqual([])
    expect(errors).toContain(`The database folder ${folder} is in use by process ${first.pid}.`)
    await first.printed(first.lines.length + 3)
    first.kill()
    await first.ended
    expect(await readNames()).toEqual(expect.arrayContaining(first.lines.slice(1)))
  })

  it('loses nothing that was stored before a kill -9, and opens again', async () => {
    const stored: string[] = []
    for (const count of [20, 35]) {
      const child = start([folder])
      await child.printed(1 + count)
      child.kill()
      await child.ended
      expect(existsSync(`${folder}.lock`)).toBe(true)
      // The last line may be cut off; a whole id was stored.
      stored.push(...child.lines.filter((line) => /^[0-9a-f-]{36}$/.test(line)))
    }
    expect(stored.length).toBeGreaterThanOrEqual(55)
    expect(await readNames()).toEqual(expect.arrayContaining(stored))
    expect(existsSync(`${folder}.lock`)).toBe(false)
  })

  it('keeps its data when it is closed and opened again', async () => {
    const child = start([folder, '2'])
    expect(await child.ended).toMatchObject({ code: 0 })
    expect(await readNames()).toEqual(child.lines.slice(1))
  })

  it('is refused within one process, too, and given again once it is closed', async () => {
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toThrow(`${folder} is in use by process ${process.pid}`)
    await lock.release()
    await (await lockFolder(folder)).release()
  })

  it.each([
    ['was cut off while it was written', ''],
    ['names a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'long ago' })],
    [
      'names a process number that another process has now',
      JSON.stringify({ pid: process.pid, startedAt: 'long ago' }),
    ],
  ])('is taken over from a lock that %s', async (_, content) => {
    writeFileSync(`${folder}.lock`, content)
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toThrow('is in use')
    await lock.release()
  })

  it('is taken by one of many that come at once, though an old lock is in the way', async () => {
    writeFileSync(`${folder}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'long ago' }))
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is refused when another PostgreSQL made it, and is left as it was', async () => {
    const database = await openDatabase({ kind: 'embedded', dataDir: folder })
    await database.close()
    writeFileSync(join(folder, 'PG_VERSION'), '17\n')
    const opened = openDatabase({ kind: 'embedded', dataDir: folder })
    await expect(opened).rejects.toThrow(`The database in ${folder} was made by PostgreSQL 17`)
    expect(existsSync(`${folder}.lock`)).toBe(false)
  })

  it('is free again after it was refused as too new', async () => {
    const database = await openDatabase({ kind: 'embedded', dataDir: folder })
    const insert = `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ($1, 'x', '29990101_later', now())`
    await database.prisma.$executeRawUnsafe(insert, uuidv7())
    await database.close()
    for (let attempt = 0; attempt < 2; attempt++) {
      const opened = openDatabase({ kind: 'embedded', dataDir: folder })
      await expect(opened).rejects.toThrow(
        'The database is newer than this version of Proctor: it has the migration 29990101_later.',
      )
    }
    expect(existsSync(`${folder}.lock`)).toBe(false)
  })
})
