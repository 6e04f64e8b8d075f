import type { Transaction } from './database.ts'

/** Whether no conversation carries the id; transactions that ask for the same one wait for each other. */
export async function isSessionIdFree(tx: Transaction, sessionId: string): Promise<boolean> {
  await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(hashtextextended($1, 1))::text`, sessionId)
  return (await tx.conversation.count({ where: { sessionId } })) === 0
}
