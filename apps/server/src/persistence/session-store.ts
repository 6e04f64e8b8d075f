import type { Message, SessionSummary } from '@proctor/schema'
import type { SessionStore } from '../domain/ports.ts'
import type { Database } from './database.ts'
import { messageJson, toMessage } from './message-store.ts'
import { likePattern, toPage } from './page.ts'
import { retagSession } from './retag-session.ts'

/**
 * A session, summed up. Figures of runs come from the counters that their writer keeps, so that a session
 * of many messages costs no more than one of few. `s.session_id` names it.
 */
const sessionJson = `(SELECT jsonb_build_object('sessionId', s.session_id, 'experimentName', max(c.experiment_name),
    'conversationCount', count(*),
    'messageCount', sum((SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)),
    'runIds', coalesce(jsonb_agg(c.batch_test_run_id ORDER BY c.id) FILTER (WHERE r.id IS NOT NULL), '[]'),
    'models', (SELECT coalesce(jsonb_agg(DISTINCT t.model ORDER BY t.model), '[]') FROM (
      SELECT b.model FROM conversations o JOIN batch_test_runs b ON b.id = o.batch_test_run_id
        WHERE o.session_id = s.session_id
      UNION SELECT m.model FROM conversations o JOIN messages m ON m.conversation_id = o.id
        WHERE o.session_id = s.session_id AND o.batch_test_run_id IS NULL AND m.model IS NOT NULL) t),
    'failedItems', coalesce(sum(r.failed_items), 0),
    'cost', jsonb_build_object(
      'answersMicros', coalesce(sum(r.answers_cost_micros), 0) + (SELECT coalesce(sum(m.cost_micros), 0)
        FROM conversations o JOIN messages m ON m.conversation_id = o.id
        WHERE o.session_id = s.session_id AND o.batch_test_run_id IS NULL),
      'judgingMicros', coalesce(sum(r.judging_cost_micros), 0) + (SELECT coalesce(sum(j.cost_micros), 0)
        FROM conversations o JOIN messages m ON m.conversation_id = o.id JOIN judge_calls j ON j.message_id = m.id
        WHERE o.session_id = s.session_id AND o.batch_test_run_id IS NULL),
      'unpricedCalls', coalesce(sum(r.unpriced_calls), 0)),
    'quality', (SELECT coalesce(jsonb_agg(jsonb_build_object('criterion', q.criterion, 'judgeModel', q.judge_model,
        'n', q.n, 'mean', q.mean, 'passed', q.passed) ORDER BY q.criterion, q.judge_model), '[]') FROM (
      SELECT g.criterion, g.judge_model, sum(g.n) AS n, sum(g.total) / nullif(sum(g.n), 0) AS mean,
        sum(g.passed) AS passed
      FROM conversations o JOIN run_scores g ON g.batch_test_run_id = o.batch_test_run_id
      WHERE o.session_id = s.session_id GROUP BY g.criterion, g.judge_model) q),
    'formerTags', (SELECT coalesce(jsonb_agg(jsonb_build_object('sessionId', h.old_session_id,
        'experimentName', h.old_experiment_name, 'until', h.until) ORDER BY h.until DESC), '[]') FROM (
      SELECT h.old_session_id, h.old_experiment_name, max(h.changed_at) AS until
      FROM session_tag_changes h JOIN conversations o ON o.id = h.conversation_id
      WHERE o.session_id = s.session_id GROUP BY h.old_session_id, h.old_experiment_name) h),
    'firstAt', min(c.created_at), 'lastAt', max(c.created_at))
  FROM conversations c LEFT JOIN batch_test_runs r ON r.id = c.batch_test_run_id
  WHERE c.session_id = s.session_id)`

/** Sessions: all conversations with one session id. */
export function createSessionStore(database: Database): SessionStore {
  const { prisma } = database
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  const read = async (sessionId: string): Promise<SessionSummary | null> => {
    const [row] = await query<{ session: SessionSummary }>(
      `SELECT ${sessionJson} AS session FROM (SELECT $1::text AS session_id) s
       WHERE EXISTS (SELECT 1 FROM conversations c WHERE c.session_id = $1::text)`,
      sessionId,
    )
    return row ? toSession(row.session) : null
  }

  return {
    async list({ cursor, limit, experimentName, text }) {
      // The newest conversation stands for the session, so that a new one moves its session to the top.
      const rows = await query<{ session: SessionSummary; cursor: string }>(
        // A session is shown whole, though only one of its conversations may match.
        `SELECT ${sessionJson} AS session, s.cursor FROM (
           SELECT c.session_id, max(c.id::text) AS cursor FROM conversations c
           WHERE c.session_id IN (SELECT f.session_id FROM conversations f
             WHERE f.session_id IS NOT NULL
               -- What the observer said about a run stands on the run's page.
               AND (f.batch_test_run_id IS NOT NULL OR NOT f.is_widget_session) AND ($2::text IS NULL OR f.experiment_name = $2::text)
               AND ($3::text IS NULL OR concat_ws(' ', f.session_id, f.experiment_name) ILIKE $3::text))
           GROUP BY c.session_id HAVING $1::text IS NULL OR max(c.id::text) < $1::text
           ORDER BY max(c.id::text) DESC LIMIT $4) s
         ORDER BY s.cursor DESC`,
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
      const session = await read(sessionId)
      if (session) return session
      const [moved] = await query<{ session_id: string }>(
        `SELECT c.session_id FROM session_tag_changes h JOIN conversations c ON c.id = h.conversation_id
         WHERE h.old_session_id = $1 AND c.session_id IS NOT NULL ORDER BY h.changed_at DESC, h.id DESC LIMIT 1`,
        sessionId,
      )
      return moved ? read(moved.session_id) : null
    },

    async listMessages({ sessionId, cursor, limit, role, text }) {
      const rows = await query<{ message: Message }>(
        `SELECT ${messageJson} AS message FROM messages m JOIN conversations c ON c.id = m.conversation_id
         WHERE c.session_id = $1 AND ($2::uuid IS NULL OR m.id > $2::uuid)
           AND ($3::text IS NULL OR m.role::text = $3::text) AND ($4::text IS NULL OR m.content ILIKE $4::text)
         ORDER BY m.id LIMIT $5`,
        sessionId,
        cursor ?? null,
        role ?? null,
        text ? likePattern(text) : null,
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        ({ message }) => toMessage(message),
        (message) => message.id,
      )
    },

    retag: (input) => retagSession(database, input),

    async takenSessionIds(prefix) {
      const rows = await query<{ session_id: string }>(
        `SELECT DISTINCT session_id FROM conversations WHERE session_id IS NOT NULL AND starts_with(session_id, $1)`,
        prefix,
      )
      return new Set(rows.map((row) => row.session_id))
    },
  }
}

/** PostgreSQL's JSON writes times with an offset; the wire has them in UTC with a Z. */
function toSession(row: SessionSummary): SessionSummary {
  const iso = (time: string) => new Date(time).toISOString()
  return {
    ...row,
    firstAt: iso(row.firstAt),
    lastAt: iso(row.lastAt),
    formerTags: row.formerTags.map((tag) => ({ ...tag, until: iso(tag.until) })),
  }
}
