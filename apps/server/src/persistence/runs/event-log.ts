import type { RunEvent } from '@proctor/schema'
import type { EventLog } from '../../domain/run-ports.ts'
import type { Database } from '../database.ts'
import { newsChannel } from './channels.ts'
import { ChannelHub } from './channel-hub.ts'
import { isoTime } from './rows.ts'

/** The persisted log of a run. Readers of one spot share one query, since they all wake at once. */
export async function createEventLog(database: Database): Promise<EventLog> {
  const { prisma } = database
  const news = await ChannelHub.open(database, newsChannel)
  const reading = new Map<string, Promise<RunEvent[]>>()

  const readRows = async (runId: string, afterSeq: number, limit: number): Promise<RunEvent[]> => {
    const rows = await prisma.$queryRawUnsafe<{ event: RunEvent }[]>(
      `SELECT jsonb_build_object('seq', seq, 'at', created_at, 'body', body) AS event
       FROM run_events WHERE batch_test_run_id = $1::uuid AND seq > $2::bigint ORDER BY seq LIMIT $3`,
      runId,
      afterSeq,
      limit,
    )
    return rows.map(({ event }) => ({ ...event, at: isoTime(event.at) }))
  }

  return {
    read(runId, afterSeq, limit) {
      // A read that began before the newest notification may have missed what it announced.
      const key = `${runId}/${afterSeq}/${limit}/${news.notifications}`
      let shared = reading.get(key)
      if (!shared) {
        shared = readRows(runId, afterSeq, limit).finally(() => reading.delete(key))
        reading.set(key, shared)
      }
      return shared
    },
    onNews: (runId, callback) => news.on(runId, callback),
  }
}
