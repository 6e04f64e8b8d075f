import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { fromPglite } from 'pg-boss'
import { startBoss } from './boss.ts'
import { transactionOptions, type Database } from './database.ts'
import { lockFolder } from './folder-lock.ts'
import { applyMigrations } from './migrations.ts'
import { PrismaClient } from './prisma-client/client.ts'

const postgresMajorVersion = '18'

/** PostgreSQL inside this process; `memory://` keeps nothing. */
export async function openEmbedded(dataDir: string, loadDataDir?: Blob): Promise<Database> {
  const inMemory = dataDir.startsWith('memory://')
  const folder = inMemory ? dataDir : resolve(dataDir)
  const lock = inMemory ? null : await takeFolder(folder)
  let pglite: PGlite | null = null
  try {
    const opened = await PGlite.create({ dataDir: folder, ...(loadDataDir ? { loadDataDir } : {}) })
    pglite = opened
    const factory = new PrismaPGlite(opened)
    const prisma = new PrismaClient({ adapter: factory, transactionOptions, errorFormat: 'minimal' })
    // The adapter starts a script without waiting for its end: an error in it would be lost.
    const runScript = async (script: string) => void (await opened.exec(script))
    await applyMigrations(prisma, factory, runScript)
    const boss = await startBoss({ db: fromPglite(opened), backend: 'pglite' })
    return {
      kind: 'embedded',
      prisma,
      boss,
      listen: (channel, onPayload) => opened.listen(channel, onPayload),
      async close() {
        await boss.stop({ graceful: false })
        await prisma.$disconnect()
        if (!opened.closed) await opened.close()
        await lock?.release()
      },
    }
  } catch (error) {
    await pglite?.close()
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
