import { z } from 'zod'
import { failureSchema } from './errors.ts'
import { modelRefSchema } from './model-ref.ts'
import { pageInputSchema, pageOf } from './paging.ts'
import { callSettingsSchema } from './run.ts'
import { messageSchema } from './session.ts'
import { experimentNameSchema, sessionIdSchema } from './session-tag.ts'
import { maxPromptCharacters } from './suite.ts'

/** A conversation that a person holds with a model. */
export const chatSchema = z.object({
  conversationId: z.uuid(),
  title: z.string(),
  sessionId: z.string().nullable(),
  experimentName: z.string().nullable(),
  models: z.array(z.string()),
  messageCount: z.number().int(),
  createdAt: z.iso.datetime(),
})
export type Chat = z.infer<typeof chatSchema>
export const listChatsInputSchema = pageInputSchema
export const chatPageSchema = pageOf(chatSchema)

const titleSchema = z.string().trim().min(1, 'A conversation needs a title.').max(200)
export const chatIdInputSchema = z.object({ conversationId: z.uuid() })
export const createChatInputSchema = z.object({
  title: titleSchema,
  sessionId: sessionIdSchema.nullable().default(null),
  experimentName: experimentNameSchema.nullable().default(null),
})
export type CreateChatInput = z.infer<typeof createChatInputSchema>
export const renameChatInputSchema = chatIdInputSchema.extend({ title: titleSchema })

export const chatDetailSchema = chatSchema.extend({
  messages: z.array(messageSchema),
  /** A reply is being written now. */
  isReplying: z.boolean(),
  /** Why the last message got no answer; forgotten when the server is started anew. */
  failure: failureSchema.nullable(),
})
export type ChatDetail = z.infer<typeof chatDetailSchema>

const replySettingsSchema = z.object({
  model: modelRefSchema,
  systemPrompt: callSettingsSchema.shape.systemPrompt,
  temperature: callSettingsSchema.shape.temperature,
  maxOutputTokens: callSettingsSchema.shape.maxOutputTokens,
})
export const retryReplyInputSchema = chatIdInputSchema.extend(replySettingsSchema.shape)
export type RetryReplyInput = z.infer<typeof retryReplyInputSchema>
export const sendMessageInputSchema = retryReplyInputSchema.extend({
  text: z
    .string()
    .refine((text) => text.trim() !== '', 'Write something to send.')
    .max(maxPromptCharacters, `A message may have at most ${maxPromptCharacters} characters.`),
})
export type SendMessageInput = z.infer<typeof sendMessageInputSchema>

/** What happens to a reply: what was written before one looked comes as one text, then piece by piece. */
export const replyEventSchema = z.discriminatedUnion('type', [
  /** A piece of the reply, and how many characters stand before it: putting it there twice does no harm. */
  z.object({ type: z.literal('text'), offset: z.number().int().nonnegative(), text: z.string() }),
  z.object({ type: z.literal('done'), message: messageSchema }),
  /** Stopped before its first word, so that nothing was kept. */
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('failed'), failure: failureSchema }),
  /** No reply is being written: the conversation has all there is. */
  z.object({ type: z.literal('idle') }),
])
export type ReplyEvent = z.infer<typeof replyEventSchema>

export const saveAsCaseInputSchema = z.object({
  messageId: z.uuid(),
  /** The suite to add to, or the name of a new one. */
  suite: z.union([
    z.object({ id: z.uuid() }),
    z.object({ name: z.string().trim().min(1, 'A suite needs a name.').max(200) }),
  ]),
  expected: z.string().max(maxPromptCharacters).nullable().default(null),
})
export type SaveAsCaseInput = z.infer<typeof saveAsCaseInputSchema>
