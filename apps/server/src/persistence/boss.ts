import { PgBoss, type ConstructorOptions } from 'pg-boss'

/** Starts the job queue on an open database. */
export async function startBoss(
  connection: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString' | 'max'>,
): Promise<PgBoss> {
  const boss = new PgBoss({ ...connection, useListenNotify: true, schema: 'pgboss' })
  // Faults of the queue's own maintenance; work itself is guarded by leases. Without a listener they would
  // end the process. What its workers report is no Error, but looks like one.
  boss.on('error', (error: { message?: string }) =>
    process.emitWarning(`The job queue: ${error.message ?? 'unknown fault'}`),
  )
  await boss.start()
  return boss
}
