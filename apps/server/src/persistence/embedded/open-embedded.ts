import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fromPglite } from 'pg-boss'
import { startBoss } from '../boss.ts'
import { transactionOptions, type Database } from '../database.ts'
import { applyMigrations } from '../migrations.ts'
import { PrismaClient } from '../prisma-client/client.ts'
import { lockFolder } from './folder-lock.ts'
import { createThreadAdapter } from './thread-adapter.ts'
import { ThreadClient } from './thread-client.ts'

const postgresMajorVersion = '18'

/** PostgreSQL inside this process; `memory://` keeps nothing. */
export async function openEmbedded(dataDir: string, dump: Blob | null = null): Promise<Database> {
  const inMemory = dataDir.startsWith('memory://')
  const folder = inMemory ? dataDir : resolve(dataDir)
  const lock = inMemory ? null : await takeFolder(folder)
  let thread: ThreadClient | null = null
  try {
    const opened = await ThreadClient.start({ dataDir: folder, dump })
    thread = opened
    const factory = createThreadAdapter(opened)
    const prisma = new PrismaClient({ adapter: factory, transactionOptions, errorFormat: 'minimal' })
    const runScript = async (script: string) => void (await opened.call('exec', script))
    await applyMigrations(prisma, factory, runScript)
    const pglite: Parameters<typeof fromPglite>[0] = {
      // Nobody can check what a statement gives: the caller says it.
      query: async (sql, params) => (await opened.call('query', sql, params)) as { rows: never[] },
      exec: (sql) => opened.call('exec', sql),
      listen: (channel, callback) => opened.listen(channel, callback),
    }
    const boss = await startBoss({ db: fromPglite(pglite), backend: 'pglite' })
    return {
      kind: 'embedded',
      prisma,
      boss,
      listen: (channel, onPayload) => opened.listen(channel, onPayload),
      async close() {
        await boss.stop({ graceful: false })
        await prisma.$disconnect()
        await opened.close()
        await lock?.release()
      },
    }
  } catch (error) {
    await thread?.close()
    await lock?.release()
    throw error
  }
}

/** Makes the folder ours, and refuses one that this version cannot open. */
async function takeFolder(folder: string): Promise<{ release(): Promise<void> }> {
  await mkdir(folder, { recursive: true })
  const lock = await lockFolder(folder)
  const versionFile = `${folder}/PG_VERSION`
  const version = existsSync(versionFile) ? (await readFile(versionFile, 'utf8')).trim() : postgresMajorVersion
  if (version === postgresMajorVersion) return lock
  await lock.release()
  throw new Error(
    `The database in ${folder} was made by PostgreSQL ${version}; this version of Proctor embeds ${postgresMajorVersion}. ` +
      'Use the Proctor version that made it, or name another folder in PROCTOR_DATA_DIR.',
  )
}
