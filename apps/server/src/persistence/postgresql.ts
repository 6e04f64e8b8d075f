import { PrismaPg } from '@prisma/adapter-pg'
import { Client, Pool } from 'pg'
import { startBoss } from './boss.ts'
import { transactionOptions, type Database } from './database.ts'
import { applyMigrations } from './migrations.ts'
import { NotificationListener } from './notification-listener.ts'
import { PrismaClient } from './prisma-client/client.ts'

const defaultPoolSize = 10
/** Any number that nobody else uses: servers that start together migrate one after the other. */
const migrationLockId = 7_240_115_301

/** A PostgreSQL server, shared by any number of processes. */
export async function openPostgresql(url: string, poolSize: number = defaultPoolSize): Promise<Database> {
  // A pool of our own: the schema engine opens adapters that it never disposes of.
  const pool = new Pool({ connectionString: url, max: poolSize })
  const factory = new PrismaPg(pool)
  const prisma = new PrismaClient({ adapter: factory, transactionOptions, errorFormat: 'minimal' })
  const disconnect = async () => {
    await prisma.$disconnect()
    await pool.end()
  }
  try {
    // PrismaPg cuts scripts at every semicolon, also inside the bodies of functions: the server takes them whole.
    const runScript = async (script: string) => void (await pool.query(script))
    await withMigrationLock(url, () => applyMigrations(prisma, factory, runScript))
    const boss = await startBoss({ connectionString: url, max: 4 })
    const listener = new NotificationListener(url)
    return {
      kind: 'postgresql',
      prisma,
      boss,
      listen: (channel, onPayload) => listener.listen(channel, onPayload),
      async close() {
        await boss.stop({ graceful: false })
        await listener.close()
        await disconnect()
      },
    }
  } catch (error) {
    await disconnect()
    throw error
  }
}

async function withMigrationLock(url: string, work: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLockId])
    await work()
  } finally {
    // Ends the session and with it the lock.
    await client.end()
  }
}
