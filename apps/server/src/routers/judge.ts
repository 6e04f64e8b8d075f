import {
  criterionSchema,
  feedbackSchema,
  judgeMessageInputSchema,
  messageJudgmentsSchema,
  modelInfoSchema,
  providerStatusSchema,
  setFeedbackInputSchema,
} from '@proctor/schema'
import { z } from 'zod'
import { procedure, router } from './trpc.ts'

/** What people think of answers. */
const feedback = router({
  get: procedure
    .input(z.object({ messageId: z.uuid() }))
    .output(feedbackSchema.nullable())
    .query(({ ctx, input }) => ctx.services.messages.feedbackOf(input.messageId)),
  set: procedure
    .input(setFeedbackInputSchema)
    .output(feedbackSchema.nullable())
    .mutation(({ ctx, input }) => ctx.services.setFeedback(input)),
})

/** The judge: what it can score with, and its verdicts. */
export const judgeRouter = router({
  feedback,
  criteria: procedure
    .input(z.void())
    .output(z.array(criterionSchema))
    .query(({ ctx }) => [...ctx.services.criteria]),
  /** Every model on offer, to test or to judge with, and the state of each provider. */
  models: procedure
    .input(z.void())
    .output(z.object({ providers: z.array(providerStatusSchema), models: z.array(modelInfoSchema) }))
    .query(({ ctx, signal }) => ctx.services.listModels(signal ?? new AbortController().signal)),
  judgeMessage: procedure
    .input(judgeMessageInputSchema)
    .output(messageJudgmentsSchema)
    .mutation(({ ctx, input, signal }) => ctx.services.judgeMessage(input, signal ?? new AbortController().signal)),
  forMessage: procedure
    .input(z.object({ messageId: z.uuid() }))
    .output(messageJudgmentsSchema)
    .query(({ ctx, input }) => ctx.services.messages.judgmentsOf(input.messageId)),
})
