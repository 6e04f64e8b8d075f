import {
  listMessagesInputSchema,
  listSessionsInputSchema,
  messagePageSchema,
  messagePlaceSchema,
  retagSessionInputSchema,
  sessionIdInputSchema,
  sessionPageSchema,
  sessionSummarySchema,
} from '@proctor/schema'
import { z } from 'zod'
import { chatRouter } from './chat.ts'
import { found } from './found.ts'
import { procedure, router } from './trpc.ts'

/** Tagged sessions and their messages. */
export const sessionRouter = router({
  chat: chatRouter,
  list: procedure
    .input(listSessionsInputSchema)
    .output(sessionPageSchema)
    .query(({ ctx, input }) => ctx.services.sessions.list(input)),
  get: procedure
    .input(sessionIdInputSchema)
    .output(sessionSummarySchema)
    .query(async ({ ctx, input }) => found(await ctx.services.sessions.get(input.sessionId), 'sessionId', 'session')),
  messages: procedure
    .input(listMessagesInputSchema)
    .output(messagePageSchema)
    .query(({ ctx, input }) => ctx.services.sessions.listMessages(input)),
  /** Where a message is to be found. */
  placeOf: procedure
    .input(z.object({ messageId: z.uuid() }))
    .output(messagePlaceSchema)
    .query(async ({ ctx, input }) =>
      found(await ctx.services.messages.placeOf(input.messageId), 'messageId', 'message'),
    ),
  /** Gives a session another tag; the old one stays in its history and still finds it. */
  retag: procedure
    .input(retagSessionInputSchema)
    .output(sessionSummarySchema)
    .mutation(({ ctx, input }) => ctx.services.retagSession(input)),
})
