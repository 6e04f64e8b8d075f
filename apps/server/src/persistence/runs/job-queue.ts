import type { JobQueue } from '../../domain/run-ports.ts'
import type { Database } from '../database.ts'

/** A job in it means: look at this run, there is work. */
export const runQueue = 'drive-run'

/**
 * Jobs wake workers; they do not hold the work. Who drives a run, and what becomes of it when that
 * worker dies, is decided by the lease in the run's row, so a job that is lost or sent twice does no harm.
 */
export async function createJobQueue({ boss }: Database): Promise<JobQueue> {
  await boss.createQueue(runQueue, { notify: true, retryLimit: 2, expireInSeconds: 60 })
  return {
    async workRuns(drive) {
      await boss.work<{ runId: string }>(runQueue, { pollingIntervalSeconds: 2 }, async (jobs) => {
        for (const job of jobs) await drive(job.data.runId)
      })
    },
  }
}
