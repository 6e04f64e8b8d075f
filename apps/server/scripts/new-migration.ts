import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { migrationsDir, openSchemaEngine, prismaDir, readMigrations } from '../src/persistence/schema-engine.ts'

/** `pnpm migration NAME`: writes what is missing between the migrations and schema.prisma as a new migration. */
const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write(
    'Give the migration a name of small letters, digits and _, for example: pnpm migration add_notes\n',
  )
  process.exit(2)
}

await mkdir(migrationsDir, { recursive: true })
await writeFile(`${migrationsDir}/migration_lock.toml`, 'provider = "postgresql"\n')
const factory = new PrismaPGlite(new PGlite('memory://'))
const engine = await openSchemaEngine(factory)
const filters = { externalTables: [], externalEnums: [] }
const migrations = await readMigrations()
if (migrations.migrationDirectories.length > 0) await engine.applyMigrations({ migrationsList: migrations, filters })
const datamodel = await readFile(`${prismaDir}schema.prisma`, 'utf8')
const { stdout } = await engine.diff({
  from: migrations.migrationDirectories.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...migrations },
  to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: datamodel }] },
  script: true,
  exitCode: null,
  filters,
})
const sql = stdout ?? ''
if (sql.split('\n').every((line) => line.trim() === '' || line.startsWith('--'))) {
  process.stdout.write('The migrations are up to date with schema.prisma.\n')
  process.exit(0)
}
const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
const folder = `${migrationsDir}/${stamp}_${name}`
await mkdir(folder)
await writeFile(`${folder}/migration.sql`, sql)
process.stdout.write(`${folder}/migration.sql\n`)
process.exit(0)
