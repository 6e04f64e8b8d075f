import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { PrismaClient } from './prisma-client/client.ts'
import { listMigrations, openSchemaEngine, readMigrations } from './schema-engine.ts'

/**
 * Brings a database up to date with prisma/migrations, and keeps `_prisma_migrations` as
 * `prisma migrate deploy` does. Quick when there is nothing to do.
 * @param runScript runs a whole SQL script; the adapters' own ways of doing so are not to be trusted
 * @throws Error when the database was migrated by a newer version of Proctor
 */
export async function applyMigrations(
  prisma: PrismaClient,
  factory: SqlMigrationAwareDriverAdapterFactory,
  runScript: (script: string) => Promise<void>,
): Promise<void> {
  const known = await listMigrations()
  const applied = await readApplied(prisma)
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new Error(
      `The database is newer than this version of Proctor: it has the migration ${unknown.join(', ')}. ` +
        'Start the newer version, or use another database.',
    )
  if (applied.length === known.length) return
  const engine = await openSchemaEngine(withScripts(factory, runScript))
  try {
    const filters = { externalTables: [], externalEnums: [] }
    await engine.applyMigrations({ migrationsList: await readMigrations(), filters })
  } finally {
    engine.free()
  }
}

async function readApplied(prisma: PrismaClient): Promise<string[]> {
  const [table] = await prisma.$queryRawUnsafe<{ exists: boolean }[]>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  )
  if (!table?.exists) return []
  const rows = await prisma.$queryRawUnsafe<{ migration_name: string }[]>(
    `SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return rows.map((row) => row.migration_name)
}

function withScripts(
  factory: SqlMigrationAwareDriverAdapterFactory,
  runScript: (script: string) => Promise<void>,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const adapter = await factory.connect()
      adapter.executeScript = runScript
      return adapter
    },
  }
}
