import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { fromPglite } from 'pg-boss'
import { startBoss } from '../../../src/persistence/boss.ts'
import { applyMigrations } from '../../../src/persistence/migrations.ts'
import { PrismaClient } from '../../../src/persistence/prisma-client/client.ts'

/** A migrated, empty embedded database as a tar file: opening it is much quicker than migrating anew. */
export async function makeEmbeddedDump(): Promise<Blob> {
  const pglite = await PGlite.create('memory://')
  const factory = new PrismaPGlite(pglite)
  const prisma = new PrismaClient({ adapter: factory })
  await applyMigrations(prisma, factory, async (script) => void (await pglite.exec(script)))
  const boss = await startBoss({ db: fromPglite(pglite), backend: 'pglite' })
  await boss.stop({ graceful: false })
  const dump = await pglite.dumpDataDir('none')
  await prisma.$disconnect()
  if (!pglite.closed) await pglite.close()
  return dump
}
