import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  createEmptyPostgresDatabase,
  createPostgresDatabase,
  postgresUrl,
  testDatabases,
} from '../../../../tests/support/databases.ts'
import { openDatabase, type Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { NotificationListener } from '../../src/persistence/notification-listener.ts'
import { openPostgresql } from '../../src/persistence/postgresql.ts'
import { listMigrations } from '../../src/persistence/schema-engine.ts'
import { runSql } from './support/run-sql.ts'

const waitOptions = { timeout: 10_000, interval: 10 }

describe.each(testDatabases)('an open database on $name', ({ open }) => {
  let database: Database
  beforeAll(async () => void (database = await open()))
  afterAll(() => database?.close())

  const notify = (channel: string, payload: string) =>
    database.prisma.$queryRawUnsafe(`SELECT pg_notify($1, $2)::text`, channel, payload)

  it('has every migration once, as Prisma itself records them', async () => {
    const rows = await database.prisma.$queryRawUnsafe<{ migration_name: string; steps: number }[]>(
      `SELECT migration_name, applied_steps_count AS steps FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND length(checksum) = 64 ORDER BY migration_name`,
    )
    expect(rows).toEqual((await listMigrations()).map((name) => ({ migration_name: name, steps: 1 })))
  })

  it('brings each notification to those who listen on its channel, in order', async () => {
    const [first, second, other] = [
      vi.fn<(payload: string) => void>(),
      vi.fn<(payload: string) => void>(),
      vi.fn<(payload: string) => void>(),
    ]
    await database.listen('test_a', first)
    const stop = await database.listen('test_a', second)
    await database.listen('test_b', other)
    for (const payload of ['one', 'two', 'Ünï "quoted"']) await notify('test_a', payload)
    await vi.waitFor(() => expect(second).toHaveBeenCalledTimes(3), waitOptions)
    await stop()
    await notify('test_a', 'last')
    await notify('test_b', 'only')
    await vi.waitFor(() => expect(other).toHaveBeenCalledWith('only'), waitOptions)
    expect(first.mock.calls.flat()).toEqual(['one', 'two', 'Ünï "quoted"', 'last'])
    expect(second.mock.calls.flat()).toEqual(['one', 'two', 'Ünï "quoted"'])
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('notifies when the transaction commits and not when it is rolled back', async () => {
    const heard = vi.fn<(payload: string) => void>()
    await database.listen('test_commit', heard)
    const send = `SELECT pg_notify('test_commit', $1)::text`
    const broken = database.prisma.$transaction(async (tx) => {
      await tx.$queryRawUnsafe(send, 'rolled back')
      throw new Error('No.')
    })
    await expect(broken).rejects.toThrow('No.')
    await database.prisma.$transaction(async (tx) => void (await tx.$queryRawUnsafe(send, 'committed')))
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), waitOptions)
    expect(heard.mock.calls).toEqual([['committed']])
  })
})

describe.skipIf(postgresUrl === null)('a PostgreSQL database', () => {
  const migrationsOf = (url: string) => runSql(url, 'SELECT id, finished_at FROM _prisma_migrations ORDER BY id')
  const sessionsOn = async (url: string) => {
    const name = new URL(url).pathname.slice(1)
    return (await runSql(postgresUrl!, 'SELECT pid, query FROM pg_stat_activity WHERE datname = $1', [name])).length
  }

  it('is migrated once by two servers that open it empty at once', async () => {
    const { url, drop } = await createEmptyPostgresDatabase()
    const databases = await Promise.all([1, 2, 3].map(() => openDatabase({ kind: 'postgresql', url })))
    expect(await migrationsOf(url)).toHaveLength((await listMigrations()).length)
    const id = uuidv7()
    await databases[0]!.prisma.suite.create({ data: { id, name: id } })
    expect(await databases[2]!.prisma.suite.count()).toBe(1)
    await Promise.all(databases.map((database) => database.close()))
    await drop()
  })

  it('is not migrated again when it is up to date', async () => {
    const { url, drop } = await createPostgresDatabase()
    const before = await migrationsOf(url)
    const database = await openPostgresql(url)
    await database.close()
    expect(await migrationsOf(url)).toEqual(before)
    await drop()
  })

  it('keeps no connection once it is closed', async () => {
    const { url, drop } = await createEmptyPostgresDatabase()
    const database = await openPostgresql(url)
    await database.listen('test', () => {})
    await database.prisma.suite.count()
    await database.close()
    await vi.waitFor(async () => expect(await sessionsOn(url)).toBe(0), { timeout: 5000, interval: 50 })
    await drop()
  })

  it('is refused, and let go of, when a newer version of Proctor migrated it', async () => {
    const { url, drop } = await createPostgresDatabase()
    const insert = `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('1', 'x', '29990101_later', now())`
    await runSql(url, insert)
    await expect(openPostgresql(url)).rejects.toThrow(
      'The database is newer than this version of Proctor: it has the migration 29990101_later. ' +
        'Start the newer version, or use another database.',
    )
    await vi.waitFor(async () => expect(await sessionsOn(url)).toBe(0), { timeout: 5000, interval: 50 })
    await drop()
  })

  it('tells every listener once that it may have missed something when the connection was cut, and goes on', async () => {
    const { url, drop } = await createPostgresDatabase()
    const database = await openPostgresql(url)
    const [first, second] = [vi.fn<(payload: string) => void>(), vi.fn<(payload: string) => void>()]
    await database.listen('test_a', first)
    await database.listen('test_b', second)
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN "test_%'`
    for (const round of [1, 2]) {
      expect(await runSql(url, cut)).toHaveLength(1)
      await vi.waitFor(() => expect(second).toHaveBeenCalledTimes(2 * round - 1), waitOptions)
      expect(first.mock.lastCall).toEqual([''])
      expect(second.mock.lastCall).toEqual([''])
      await runSql(url, `SELECT pg_notify('test_a', $1), pg_notify('test_b', $1)`, [`news ${round}`])
      await vi.waitFor(() => expect(second).toHaveBeenCalledTimes(2 * round), waitOptions)
    }
    for (const heard of [first, second]) expect(heard.mock.calls.flat()).toEqual(['', 'news 1', '', 'news 2'])
    await database.close()
    await drop()
  })

  it('can be listened to after a first try while the server was away', async () => {
    const { url, drop } = await createPostgresDatabase()
    await runSql(postgresUrl!, `ALTER DATABASE ${new URL(url).pathname.slice(1)} ALLOW_CONNECTIONS false`)
    const listener = new NotificationListener(url)
    await expect(listener.listen('test', () => {})).rejects.toThrow()
    await runSql(postgresUrl!, `ALTER DATABASE ${new URL(url).pathname.slice(1)} ALLOW_CONNECTIONS true`)
    const heard = vi.fn<(payload: string) => void>()
    await listener.listen('test', heard)
    await runSql(url, `SELECT pg_notify('test', 'news')`)
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('news'), waitOptions)
    await listener.close()
    await drop()
  })
})
