import { PgBoss, type ConstructorOptions } from 'pg-boss'

/** Starts the job queue on an open database. */
export async function startBoss(
  connection: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString' | 'max'>,
): Promise<PgBoss> {
  const boss = new PgBoss({ ...connection, useListenNotify: true, schema: 'pgboss' })
  // Faults of the queue's own maintenance; work itself is guarded by leases. Without a listener they
  // would end the process.
  boss.on('error', (error) => process.emitWarning(error))
  await boss.start()
  return boss
}
