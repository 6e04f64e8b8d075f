import type {
  FailedJudgeCall,
  Feedback,
  ItemDetail,
  Judgment,
  Message,
  MessageJudgments,
  MessagePlace,
} from '@proctor/schema'
import type { JudgeSubject, MessageStore } from '../domain/ports.ts'
import type { Database } from './database.ts'
import { uuidv7 } from './ids.ts'
import { storable } from './runs/write-group.ts'

/** Expects the alias m (messages). */
export const messageJson = `jsonb_build_object('id', m.id, 'conversationId', m.conversation_id, 'itemId', m.item_id,
  'role', m.role, 'content', m.content, 'turn', m.turn, 'model', m.model, 'inputTokens', m.input_tokens,
  'outputTokens', m.output_tokens, 'cachedInputTokens', m.cached_input_tokens, 'latencyMs', m.latency_ms,
  'timeToFirstTokenMs', m.time_to_first_token_ms, 'costMicros', m.cost_micros, 'finishReason', m.finish_reason,
  'providerRequestId', m.provider_request_id, 'attempts', m.attempts,
  'fromCache', m.from_cache, 'createdAt', m.created_at)`

const judgmentsSql = `SELECT jsonb_build_object('id', g.id, 'messageId', g.message_id, 'criterion', g.criterion,
  'score', g.score, 'passed', g.passed, 'threshold', g.threshold, 'evidence', g.evidence_json, 'judgeModel', g.judge_model,
  'promptVersion', g.prompt_version, 'current', g.current, 'createdAt', g.created_at) AS judgment
  FROM judgments g WHERE g.message_id = $1::uuid ORDER BY g.id`

const failedCallsSql = `SELECT jsonb_build_object('id', j.id, 'judgeModel', j.judge_model, 'promptVersion', j.prompt_version,
  'failure', j.failure, 'rawText', j.raw_text, 'createdAt', j.created_at) AS call
  FROM judge_calls j WHERE j.message_id = $1::uuid AND j.failure IS NOT NULL ORDER BY j.id`

const feedbackSql = `SELECT jsonb_build_object('messageId', f.message_id, 'verdict', f.verdict, 'note', f.note,
  'createdAt', f.created_at) AS feedback FROM message_feedback f WHERE f.message_id = $1::uuid`

type ItemHead = Pick<ItemDetail, 'caseId' | 'expected' | 'notes' | 'tags' | 'tries' | 'validatorResults'> & {
  messageId: string | null
}

const itemHeadSql = `SELECT jsonb_build_object('caseId', k.case_id, 'expected', k.expected, 'notes', k.notes,
  'tags', to_jsonb(k.tags), 'tries', CASE i.state WHEN 'failed' THEN i.tries ELSE '[]' END,
  'messageId', i.message_id,
  'validatorResults', (SELECT coalesce(jsonb_agg(jsonb_build_object('validator', w.validator, 'passed', w.passed,
    'explanation', w.explanation) ORDER BY w.position), '[]') FROM validator_results w WHERE w.message_id = i.message_id))
  AS head
  FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id WHERE i.id = $1::uuid`

/** Messages with all that is known of them. */
export function createMessageStore({ prisma }: Database): MessageStore {
  const query = <T>(sql: string, ...values: unknown[]) => prisma.$queryRawUnsafe<T[]>(sql, ...values)

  const judgmentsOf = async (messageId: string): Promise<MessageJudgments> => {
    const judgments = await query<{ judgment: Judgment }>(judgmentsSql, messageId)
    const failed = await query<{ call: FailedJudgeCall }>(failedCallsSql, messageId)
    return {
      judgments: judgments.map(({ judgment }) => withIsoTime(judgment)),
      failedCalls: failed.map(({ call }) => withIsoTime(call)),
    }
  }

  const feedbackOf = async (messageId: string): Promise<Feedback | null> => {
    const [row] = await query<{ feedback: Feedback }>(feedbackSql, messageId)
    return row ? withIsoTime(row.feedback) : null
  }

  return {
    judgmentsOf,
    feedbackOf,

    async itemDetail(itemId) {
      const [row] = await query<{ head: ItemHead }>(itemHeadSql, itemId)
      if (!row) return null
      const messages = await query<{ message: Message }>(
        `SELECT ${messageJson} AS message FROM messages m WHERE m.item_id = $1::uuid
         ORDER BY m.turn, m.role = 'assistant', m.id`,
        itemId,
      )
      const { messageId, ...head } = row.head
      const verdicts = messageId === null ? { judgments: [], failedCalls: [] } : await judgmentsOf(messageId)
      return {
        ...head,
        ...verdicts,
        messages: messages.map(({ message }) => toMessage(message)),
        feedback: messageId === null ? null : await feedbackOf(messageId),
      }
    },

    async setFeedback({ messageId, verdict, note }) {
      const where = { messageId }
      const isAnswer = (await prisma.message.count({ where: { id: messageId, role: 'assistant' } })) > 0
      if (!isAnswer) return false
      if (verdict === null) await prisma.messageFeedback.deleteMany({ where })
      else {
        const opinion = { verdict, note: storable(note), createdAt: new Date() }
        await prisma.messageFeedback.upsert({
          where,
          create: { id: uuidv7(), messageId, ...opinion },
          update: opinion,
        })
      }
      return true
    },

    async placeOf(messageId) {
      const [row] = await query<{ place: MessagePlace }>(
        `SELECT jsonb_build_object('messageId', m.id, 'conversationId', c.id, 'sessionId', c.session_id,
           'runId', c.batch_test_run_id, 'itemId', m.item_id) AS place
         FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id = $1::uuid`,
        messageId,
      )
      return row?.place ?? null
    },

    async judgeSubject(messageId) {
      // Up to and including the answer: what came later was not known when it was given.
      const [row] = await query<{ subject: JudgeSubject }>(
        `SELECT jsonb_build_object('messageId', m.id, 'runId', i.batch_test_run_id, 'itemId', i.id,
           'system', coalesce(k.system, r.call_settings->>'systemPrompt'), 'expected', k.expected, 'notes', k.notes,
           'conversation', (SELECT jsonb_agg(jsonb_build_object('role', o.role, 'content', o.content)
               ORDER BY o.turn, o.role = 'assistant', o.id)
             FROM messages o WHERE o.conversation_id = m.conversation_id AND o.item_id IS NOT DISTINCT FROM m.item_id
               AND o.turn <= m.turn AND o.role IN ('user', 'assistant'))) AS subject
         FROM messages m LEFT JOIN batch_test_items i ON i.id = m.item_id
           LEFT JOIN suite_cases k ON k.id = i.suite_case_id
           LEFT JOIN batch_test_runs r ON r.id = i.batch_test_run_id
         WHERE m.id = $1::uuid AND m.role = 'assistant'`,
        messageId,
      )
      return row?.subject ?? null
    },
  }
}

export function toMessage(row: Message): Message {
  return withIsoTime(row)
}

/** PostgreSQL's JSON writes times with an offset; the wire has them in UTC with a Z. */
function withIsoTime<T extends { createdAt: string }>(row: T): T {
  return { ...row, createdAt: new Date(row.createdAt).toISOString() }
}
