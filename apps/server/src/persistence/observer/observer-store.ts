import {
  observerTag,
  type ObserverDetail,
  type ObserverEntry,
  type ObserverSettings,
  type RunNote,
} from '@proctor/schema'
import type { NewEntry, ObserverStore } from '../../domain/observer/facts.ts'
import type { Database, Transaction } from '../database.ts'
import { uuidv7 } from '../ids.ts'
import { appendEvents, lockRun } from '../runs/locked-run.ts'
import { isoTime } from '../runs/rows.ts'
import { storable, toJson } from '../runs/write-group.ts'

/** A conversation is shown from here on; its file has all of it. */
const shownEntries = 200
/** A run that ended is still spoken about for so long: whoever watches looks every few seconds. */
const afterEndSeconds = 60

const entryJson = `jsonb_build_object('id', m.id,
  'kind', CASE WHEN m.role = 'user' THEN 'question' WHEN o.is_note THEN 'note' ELSE 'answer' END,
  'text', m.content, 'model', m.model, 'finish', m.finish_reason, 'inputTokens', m.input_tokens,
  'outputTokens', m.output_tokens, 'costMicros', m.cost_micros, 'createdAt', m.created_at,
  'observation', o.details)`
const entryTables = `conversations c JOIN messages m ON m.conversation_id = c.id
  LEFT JOIN observations o ON o.message_id = m.id`

const settingsJson = `jsonb_build_object('model', w.model, 'speaksUp', w.speaks_up,
  'noteBudgetMicros', w.note_budget_micros)`
const defaultSettings: ObserverSettings = { model: null, speaksUp: false, noteBudgetMicros: null }

/** Conversations about runs, how runs are observed, and what was noted by itself. */
export function createObserverStore({ prisma }: Database): ObserverStore {
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  const readEntries = async (runId: string, limit: number): Promise<ObserverEntry[]> => {
    const rows = await query<{ entry: ObserverEntry }>(
      `SELECT ${entryJson} AS entry FROM ${entryTables} WHERE c.widget_session_id = $1::text
       ORDER BY m.id DESC LIMIT $2`,
      observerTag(runId),
      limit,
    )
    return rows.map(({ entry }) => toEntry(entry)).toReversed()
  }

  return {
    export: (runId) => readEntries(runId, 1_000_000),

    async get(runId, entries = shownEntries) {
      const [row] = await query<{ settings: ObserverSettings | null; cost: ObserverDetail['cost'] }>(
        `SELECT (SELECT ${settingsJson} FROM observers w WHERE w.batch_test_run_id = $1::uuid) AS settings,
           jsonb_build_object('answersMicros', coalesce(sum(m.cost_micros) FILTER (WHERE NOT o.is_note), 0),
             'notesMicros', coalesce(sum(m.cost_micros) FILTER (WHERE o.is_note), 0),
             'unpricedAnswers', count(*) FILTER (WHERE m.model IS NOT NULL AND m.cost_micros IS NULL)) AS cost
         FROM ${entryTables} WHERE c.widget_session_id = $2::text`,
        runId,
        observerTag(runId),
      )
      return {
        runId,
        sessionId: observerTag(runId),
        settings: row?.settings ?? defaultSettings,
        cost: row?.cost ?? { answersMicros: 0, notesMicros: 0, unpricedAnswers: 0 },
        entries: await readEntries(runId, entries),
      }
    },

    async configure(runId, settings) {
      await prisma.observer.upsert({
        where: { batchTestRunId: runId },
        create: { batchTestRunId: runId, ...settings },
        update: settings,
      })
    },

    add: (runId, entry) => prisma.$transaction((tx) => addEntry(tx, runId, entry)),

    async claimNote(runId, key, staleMs) {
      const rows = await query(
        `INSERT INTO observer_notes AS n (batch_test_run_id, key) VALUES ($1::uuid, $2::text)
         ON CONFLICT (batch_test_run_id, key) DO UPDATE SET claimed_at = now()
           WHERE n.message_id IS NULL AND n.claimed_at < now() - $3::float8 * interval '1 millisecond'
         RETURNING 1 AS claimed`,
        runId,
        key,
        staleMs,
      )
      return rows.length > 0
    },

    postNote: (runId, key, kind, entry) =>
      prisma.$transaction(async (tx) => {
        const run = await lockRun(tx, runId)
        if (!run) throw new Error(`Run ${runId} does not exist.`)
        const posted = await addEntry(tx, runId, entry)
        await tx.$executeRawUnsafe(
          `UPDATE observer_notes SET message_id = $3::uuid WHERE batch_test_run_id = $1::uuid AND key = $2::text`,
          runId,
          key,
          posted.id,
        )
        const note: RunNote = { entryId: posted.id, kind, text: posted.text }
        await appendEvents(tx, runId, run.lastSeq, [{ type: 'note', note }])
        return posted
      }),

    async watchedRuns() {
      return query<{ runId: string; settings: ObserverSettings; notedKeys: string[] }>(
        `SELECT w.batch_test_run_id AS "runId", ${settingsJson} AS settings,
           ARRAY(SELECT n.key FROM observer_notes n
             WHERE n.batch_test_run_id = w.batch_test_run_id AND n.message_id IS NOT NULL) AS "notedKeys"
         FROM observers w JOIN batch_test_runs r ON r.id = w.batch_test_run_id
         WHERE w.speaks_up AND (r.status IN ('running', 'pausing', 'paused')
           OR r.finished_at > now() - interval '${afterEndSeconds} seconds')`,
      )
    },
  }
}

async function addEntry(tx: Transaction, runId: string, entry: NewEntry): Promise<ObserverEntry> {
  const tag = observerTag(runId)
  await tx.$executeRawUnsafe(
    `INSERT INTO conversations (id, title, is_widget_session, widget_session_id, session_id)
     VALUES ($1::uuid, $2, true, $3, $3) ON CONFLICT (widget_session_id) DO NOTHING`,
    uuidv7(),
    'Observer',
    tag,
  )
  const { id: conversationId } = await tx.conversation.findUniqueOrThrow({ where: { widgetSessionId: tag } })
  const { attempts, ...message } = storable(entry.message)
  await tx.message.create({
    data: { ...message, conversationId, attempts: attempts.map((attempt) => ({ ...attempt })) },
  })
  if (entry.observation)
    await tx.$executeRawUnsafe(
      `INSERT INTO observations (message_id, is_note, details) VALUES ($1::uuid, $2, $3::jsonb)`,
      message.id,
      entry.kind === 'note',
      toJson(entry.observation),
    )
  const [row] = await tx.$queryRawUnsafe<{ entry: ObserverEntry }[]>(
    `SELECT ${entryJson} AS entry FROM ${entryTables} WHERE m.id = $1::uuid`,
    message.id,
  )
  if (!row) throw new Error(`Message ${message.id} was written and is not there.`)
  return toEntry(row.entry)
}

function toEntry(entry: ObserverEntry): ObserverEntry {
  return { ...entry, createdAt: isoTime(entry.createdAt) }
}
