import { z } from 'zod'
import { feedbackSchema } from './feedback.ts'
import { messageJudgmentsSchema } from './judge.ts'
import { pageInputSchema, pageOf } from './paging.ts'
import { progressSchema, qualitySchema } from './run.ts'
import { experimentNameSchema, sessionIdSchema } from './session-tag.ts'
import { validatorResultSchema } from './validator.ts'

/** A tag that conversations of a session carried before. */
export const formerTagSchema = z.object({
  sessionId: z.string(),
  experimentName: z.string().nullable(),
  until: z.iso.datetime(),
})
export type FormerTag = z.infer<typeof formerTagSchema>

/** A session: all conversations with one session id. */
export const sessionSummarySchema = z.object({
  sessionId: z.string(),
  experimentName: z.string().nullable(),
  conversationCount: z.number().int(),
  messageCount: z.number().int(),
  runIds: z.array(z.uuid()),
  /** Models under test, of its runs and its chats. */
  models: z.array(z.string()),
  /** Items of its runs that have no answer for good. */
  failedItems: z.number().int(),
  /** Over the current judgments of its runs. */
  quality: z.array(qualitySchema),
  cost: progressSchema.shape.cost,
  /** Tags that it had before it was tagged anew, the last one first. */
  formerTags: z.array(formerTagSchema),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
})
export type SessionSummary = z.infer<typeof sessionSummarySchema>

export const listSessionsInputSchema = pageInputSchema.extend({
  experimentName: z.string().optional(),
  text: z.string().max(200).optional(),
})
export type ListSessionsInput = z.infer<typeof listSessionsInputSchema>
export const sessionPageSchema = pageOf(sessionSummarySchema)

export const sessionIdInputSchema = z.object({ sessionId: z.string().min(1).max(128) })

export const retagSessionInputSchema = z.object({
  sessionId: z.string().min(1).max(128),
  newSessionId: sessionIdSchema,
  experimentName: experimentNameSchema.nullable(),
  /** Joins a session that has the new id already; without it that is a conflict. */
  merge: z.boolean().default(false),
})
export type RetagSessionInput = z.infer<typeof retagSessionInputSchema>

export const messageRoleSchema = z.enum(['system', 'user', 'assistant'])
export type MessageRole = z.infer<typeof messageRoleSchema>

/** One failed try before the call that counted. */
export const attemptSchema = z.object({
  kind: z.string(),
  message: z.string(),
  httpStatus: z.number().int().nullable(),
  waitedMs: z.number().nonnegative(),
})
export type Attempt = z.infer<typeof attemptSchema>

export const messageSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  itemId: z.uuid().nullable(),
  role: messageRoleSchema,
  content: z.string(),
  /** 1 for the first exchange of an item or chat. */
  turn: z.number().int().positive(),
  model: z.string().nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  cachedInputTokens: z.number().int().nullable(),
  latencyMs: z.number().nullable(),
  timeToFirstTokenMs: z.number().nullable(),
  costMicros: z.number().int().nullable(),
  finishReason: z.string().nullable(),
  providerRequestId: z.string().nullable(),
  attempts: z.array(attemptSchema),
  /** The answer of an earlier call, at no cost; it has no latency of its own. */
  fromCache: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type Message = z.infer<typeof messageSchema>

export const listMessagesInputSchema = pageInputSchema.extend({
  sessionId: z.string().min(1).max(128),
  role: messageRoleSchema.optional(),
  /** Part of the content. */
  text: z.string().max(200).optional(),
})
export type ListMessagesInput = z.infer<typeof listMessagesInputSchema>
export const messagePageSchema = pageOf(messageSchema)

/** Everything about one item: its exchange, the checks, the verdicts. */
export const itemDetailSchema = messageJudgmentsSchema.extend({
  caseId: z.string(),
  expected: z.string().nullable(),
  notes: z.string().nullable(),
  tags: z.array(z.string()),
  /** The calls that were made in vain, when the item failed. */
  tries: z.array(attemptSchema),
  messages: z.array(messageSchema),
  validatorResults: z.array(validatorResultSchema),
  feedback: feedbackSchema.nullable(),
})
export type ItemDetail = z.infer<typeof itemDetailSchema>

/** Where a message is shown: in its item's page, or in its session. */
export const messagePlaceSchema = z.object({
  messageId: z.uuid(),
  conversationId: z.uuid(),
  sessionId: z.string().nullable(),
  runId: z.uuid().nullable(),
  itemId: z.uuid().nullable(),
})
export type MessagePlace = z.infer<typeof messagePlaceSchema>
