import {
  askObserverInputSchema,
  configureObserverInputSchema,
  observerDetailSchema,
  observerEntrySchema,
  runIdInputSchema,
  type ObserverEvent,
} from '@proctor/schema'
import { z } from 'zod'
import { procedure, reportUserErrors, router } from './trpc.ts'

const observerEventsSchema = z.custom<AsyncGenerator<ObserverEvent, void, undefined>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
)

/** The assistant that watches a run. */
export const observerRouter = router({
  /** The conversation about a run, how the run is observed, and what that has cost. */
  get: procedure
    .input(runIdInputSchema)
    .output(observerDetailSchema)
    .query(({ ctx, input }) => ctx.services.observer.get(input.runId)),
  /** Who answers, whether notes are posted by themselves, and what wording them may cost. */
  configure: procedure
    .input(configureObserverInputSchema)
    .output(observerDetailSchema)
    .mutation(({ ctx, input }) => ctx.services.observer.configure(input)),
  /** Stores the question and begins the answer, which `onAnswer` tells. */
  ask: procedure
    .input(askObserverInputSchema)
    .output(observerEntrySchema)
    .mutation(({ ctx, input }) => ctx.services.observer.ask(input)),
  stop: procedure
    .input(runIdInputSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.observer.stop(input.runId)),
  onAnswer: procedure
    .input(runIdInputSchema)
    .output(observerEventsSchema)
    .subscription(async function* ({ ctx, input, signal }) {
      yield* reportUserErrors(ctx.services.observer.read(input.runId, signal ?? new AbortController().signal))
    }),
})
