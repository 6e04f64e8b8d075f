import type { Chat, Message } from '@proctor/schema'
import type { ChatStore } from '../domain/ports.ts'
import type { Database } from './database.ts'
import { uuidv7 } from './ids.ts'
import { messageJson, toMessage } from './message-store.ts'
import { toPage } from './page.ts'
import { storable } from './runs/write-group.ts'

/** Conversations of runs belong to their runs. */
const isChat = `c.batch_test_run_id IS NULL AND NOT c.is_widget_session`

const chatJson = `jsonb_build_object('conversationId', c.id, 'title', c.title, 'sessionId', c.session_id,
  'experimentName', c.experiment_name, 'createdAt', c.created_at,
  'models', (SELECT coalesce(jsonb_agg(DISTINCT m.model), '[]') FROM messages m
    WHERE m.conversation_id = c.id AND m.model IS NOT NULL),
  'messageCount', (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id))`

/** Conversations that people hold with models. */
export function createChatStore({ prisma }: Database): ChatStore {
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)
  const ofChat = (id: string) => ({ id, batchTestRunId: null, isWidgetSession: false })

  return {
    async create(input) {
      const { id } = await prisma.conversation.create({ data: { id: uuidv7(), ...storable(input) } })
      return id
    },

    async list({ cursor, limit }) {
      const rows = await query<{ chat: Chat }>(
        `SELECT ${chatJson} AS chat FROM conversations c
         WHERE ${isChat} AND ($1::uuid IS NULL OR c.id < $1::uuid) ORDER BY c.id DESC LIMIT $2`,
        cursor ?? null,
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        ({ chat }) => toChat(chat),
        (chat) => chat.conversationId,
      )
    },

    async get(conversationId) {
      const [row] = await query<{ chat: Chat }>(
        `SELECT ${chatJson} AS chat FROM conversations c WHERE ${isChat} AND c.id = $1::uuid`,
        conversationId,
      )
      if (!row) return null
      const messages = await query<{ message: Message }>(
        `SELECT ${messageJson} AS message FROM messages m WHERE m.conversation_id = $1::uuid
         ORDER BY m.turn, m.role = 'assistant', m.id`,
        conversationId,
      )
      return { ...toChat(row.chat), messages: messages.map(({ message }) => toMessage(message)) }
    },

    async rename(conversationId, title) {
      return (
        (await prisma.conversation.updateMany({ where: ofChat(conversationId), data: { title: storable(title) } }))
          .count > 0
      )
    },

    async remove(conversationId) {
      return (await prisma.conversation.deleteMany({ where: ofChat(conversationId) })).count > 0
    },

    async addMessage(conversationId, given) {
      const { attempts, ...message } = storable(given)
      await prisma.message.create({
        data: { ...message, conversationId, attempts: attempts.map((attempt) => ({ ...attempt })) },
      })
      const [row] = await query<{ message: Message }>(
        `SELECT ${messageJson} AS message FROM messages m WHERE m.id = $1::uuid`,
        message.id,
      )
      if (!row) throw new Error(`Message ${message.id} was written and is not there.`)
      return toMessage(row.message)
    },
  }
}

function toChat(row: Chat): Chat {
  return { ...row, createdAt: new Date(row.createdAt).toISOString() }
}
