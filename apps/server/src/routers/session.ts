import {
  listMessagesInputSchema,
  listSessionsInputSchema,
  messagePageSchema,
  sessionIdInputSchema,
  sessionPageSchema,
  sessionSummarySchema,
} from '@proctor/schema'
import { found } from './found.ts'
import { procedure, router } from './trpc.ts'

/** Tagged sessions and their messages. */
export const sessionRouter = router({
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
    .query(({ ctx, input }) => ctx.services.sessions.listMessages(input.sessionId, input)),
})
