import {
  criterionIdInputSchema,
  criterionSchema,
  feedbackSchema,
  judgeMessageInputSchema,
  listCriteriaInputSchema,
  messageJudgmentsSchema,
  modelInfoSchema,
  providerStatusSchema,
  savedCriterionSchema,
  setFeedbackInputSchema,
  testCallInputSchema,
  testCallResultSchema,
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
  /** Criteria that can be chosen by their id; with `archived`, the user's own with those that were put away. */
  criteria: procedure
    .input(listCriteriaInputSchema)
    .output(z.array(savedCriterionSchema))
    .query(({ ctx, input }) => ctx.services.listCriteria(input.archived)),
  saveCriterion: procedure
    .input(criterionSchema)
    .output(savedCriterionSchema)
    .mutation(({ ctx, input }) => ctx.services.saveCriterion(input)),
  archiveCriterion: procedure
    .input(criterionIdInputSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.archiveCriterion(input.id, true)),
  restoreCriterion: procedure
    .input(criterionIdInputSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.archiveCriterion(input.id, false)),
  /** One small, paid call, to see whether a model answers. */
  testCall: procedure
    .input(testCallInputSchema)
    .output(testCallResultSchema)
    .mutation(({ ctx, input, signal }) => ctx.services.testCall(input.model, signal ?? new AbortController().signal)),
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
