import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'

/** Prisma's own migration engine as WebAssembly: the native one would have to be downloaded. */

export const prismaDir = fileURLToPath(new URL('../../../../prisma/', import.meta.url))
export const migrationsDir = `${prismaDir}migrations`

/** Opens the engine on a database. Loading it costs about 0.3 s: only do so when there is work for it. */
export async function openSchemaEngine(factory: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  const { SchemaEngine } = await import('@prisma/schema-engine-wasm')
  const datamodel = await readFile(`${prismaDir}schema.prisma`, 'utf8')
  const options = { datamodels: [['schema.prisma', datamodel]] as [string, string][] }
  return SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}

/** Names of the migrations in the folder, oldest first. */
export async function listMigrations(): Promise<string[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

/** The migrations folder as the engine takes it. */
export async function readMigrations(): Promise<MigrationList> {
  const names = await listMigrations()
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: await readFile(`${migrationsDir}/migration_lock.toml`, 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(`${migrationsDir}/${name}/migration.sql`, 'utf8') },
        },
      })),
    ),
  }
}
