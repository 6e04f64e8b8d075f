import {
  chatDetailSchema,
  chatIdInputSchema,
  chatPageSchema,
  createChatInputSchema,
  createSuiteResultSchema,
  listChatsInputSchema,
  messageSchema,
  renameChatInputSchema,
  retryReplyInputSchema,
  saveAsCaseInputSchema,
  sendMessageInputSchema,
  type ReplyEvent,
} from '@proctor/schema'
import { z } from 'zod'
import { found } from './found.ts'
import { procedure, reportUserErrors, router } from './trpc.ts'

const replyEventsSchema = z.custom<AsyncGenerator<ReplyEvent, void, undefined>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
)

/** Conversations that people hold with models. */
export const chatRouter = router({
  list: procedure
    .input(listChatsInputSchema)
    .output(chatPageSchema)
    .query(({ ctx, input }) => ctx.services.chats.list(input)),
  get: procedure
    .input(chatIdInputSchema)
    .output(chatDetailSchema)
    .query(({ ctx, input }) => ctx.services.chatDesk.get(input.conversationId)),
  create: procedure
    .input(createChatInputSchema)
    .output(chatIdInputSchema)
    .mutation(async ({ ctx, input }) => ({ conversationId: await ctx.services.chats.create(input) })),
  rename: procedure
    .input(renameChatInputSchema)
    .output(z.void())
    .mutation(async ({ ctx, input }) => {
      const isRenamed = await ctx.services.chats.rename(input.conversationId, input.title)
      found(isRenamed || null, 'conversationId', 'conversation')
    }),
  remove: procedure
    .input(chatIdInputSchema)
    .output(z.void())
    .mutation(async ({ ctx, input }) => {
      ctx.services.chatDesk.stop(input.conversationId)
      found((await ctx.services.chats.remove(input.conversationId)) || null, 'conversationId', 'conversation')
    }),
  /** Stores the message and begins the reply, which `onReply` tells. */
  send: procedure
    .input(sendMessageInputSchema)
    .output(messageSchema)
    .mutation(({ ctx, input }) => ctx.services.chatDesk.send(input)),
  /** Begins a reply to the last message, which has none. */
  retry: procedure
    .input(retryReplyInputSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.chatDesk.retry(input)),
  stop: procedure
    .input(chatIdInputSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.chatDesk.stop(input.conversationId)),
  /** Adds an exchange to a suite. */
  saveAsCase: procedure
    .input(saveAsCaseInputSchema)
    .output(createSuiteResultSchema)
    .mutation(({ ctx, input }) => ctx.services.saveAsCase(input)),
  onReply: procedure
    .input(chatIdInputSchema)
    .output(replyEventsSchema)
    .subscription(async function* ({ ctx, input, signal }) {
      const events = ctx.services.chatDesk.read(input.conversationId, signal ?? new AbortController().signal)
      yield* reportUserErrors(events)
    }),
})
