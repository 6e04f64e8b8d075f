import type { Message, SessionSummary } from '@proctor/schema'
import type { SessionStore } from '../domain/ports.ts'
import type { Database } from './database.ts'
import { messageJson, toMessage } from './message-store.ts'
import { likePattern, toPage } from './page.ts'

const sessionsSql = (where: string) => `
SELECT jsonb_build_object('sessionId', c.session_id, 'experimentName', max(c.experiment_name),
  'conversationCount', count(*), 'messageCount', sum((SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)),
  'runIds', coalesce(jsonb_agg(c.batch_test_run_id ORDER BY c.id) FILTER (WHERE c.batch_test_run_id IS NOT NULL), '[]'),
  'firstAt', min(c.created_at), 'lastAt', max(c.created_at)) AS session, max(c.id::text) AS cursor
FROM conversations c WHERE c.session_id IS NOT NULL AND ${where}
GROUP BY c.session_id`

/** Sessions: all conversations with one session id. */
export function createSessionStore({ prisma }: Database): SessionStore {
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  return {
    async list({ cursor, limit, experimentName, text }) {
      // The newest conversation stands for the session, so that a new one moves its session to the top.
      const rows = await query<{ session: SessionSummary; cursor: string }>(
        // A session is shown whole, though only one of its conversations may match.
        `SELECT * FROM (${sessionsSql(`c.session_id IN (SELECT f.session_id FROM conversations f
           WHERE f.session_id IS NOT NULL AND ($2::text IS NULL OR f.experiment_name = $2::text)
             AND ($3::text IS NULL OR concat_ws(' ', f.session_id, f.experiment_name) ILIKE $3::text))`)}) found
         WHERE ($1::text IS NULL OR cursor < $1::text) ORDER BY cursor DESC LIMIT $4`,
        cursor ?? null,
        experimentName ?? null,
        text ? likePattern(text) : null,
        limit + 1,
      )
      const page = toPage(
        rows,
        limit,
        (row) => row,
        (row) => row.cursor,
      )
      return { items: page.items.map((row) => toSession(row.session)), nextCursor: page.nextCursor }
    },

    async get(sessionId) {
      const [row] = await query<{ session: SessionSummary }>(sessionsSql('c.session_id = $1'), sessionId)
      return row ? toSession(row.session) : null
    },

    async listMessages(sessionId, { cursor, limit }) {
      const rows = await query<{ message: Message }>(
        `SELECT ${messageJson} AS message FROM messages m JOIN conversations c ON c.id = m.conversation_id
         WHERE c.session_id = $1 AND ($2::uuid IS NULL OR m.id > $2::uuid) ORDER BY m.id LIMIT $3`,
        sessionId,
        cursor ?? null,
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        ({ message }) => toMessage(message),
        (message) => message.id,
      )
    },

    async takenSessionIds(prefix) {
      const rows = await query<{ session_id: string }>(
        `SELECT DISTINCT session_id FROM conversations WHERE session_id IS NOT NULL AND starts_with(session_id, $1)`,
        prefix,
      )
      return new Set(rows.map((row) => row.session_id))
    },
  }
}

function toSession(row: SessionSummary): SessionSummary {
  return { ...row, firstAt: new Date(row.firstAt).toISOString(), lastAt: new Date(row.lastAt).toISOString() }
}
