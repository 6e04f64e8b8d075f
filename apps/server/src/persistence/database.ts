import type { PgBoss } from 'pg-boss'
import { openEmbedded } from './embedded/open-embedded.ts'
import { openPostgresql } from './postgresql.ts'
import type { Prisma, PrismaClient } from './prisma-client/client.ts'

export type DatabaseOptions =
  | { kind: 'embedded'; dataDir: string }
  | { kind: 'postgresql'; url: string; poolSize?: number }

/** An open, migrated database with its job queue, the same on PGlite and PostgreSQL. */
export interface Database {
  kind: DatabaseOptions['kind']
  prisma: PrismaClient
  boss: PgBoss
  /**
   * Calls back with the payload of each NOTIFY on the channel; with an empty one after notifications
   * may have been lost. Returns a way to stop.
   */
  listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** What `prisma.$transaction` hands to its callback. */
export type Transaction = Prisma.TransactionClient

/** How long a transaction may wait for its turn and run; PGlite has one connection for all. */
export const transactionOptions = { maxWait: 30_000, timeout: 30_000 }

/**
 * Opens the database and brings it up to date.
 * @throws Error with a sentence for the user when the folder is in use, or the database is newer
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.kind === 'embedded' ? openEmbedded(options.dataDir) : openPostgresql(options.url, options.poolSize)
}
