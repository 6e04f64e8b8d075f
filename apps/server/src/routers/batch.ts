import { tracked, type TrackedEnvelope } from '@trpc/server'
import {
  casePageSchema,
  createRunInputSchema,
  createRunResultSchema,
  createRunsInputSchema,
  createRunsResultSchema,
  createSuiteInputSchema,
  createSuiteResultSchema,
  datedPriceSchema,
  editSuiteInputSchema,
  errorGroupSchema,
  estimateInputSchema,
  estimateSchema,
  itemDetailSchema,
  itemNeighboursInputSchema,
  itemNeighboursSchema,
  itemPageSchema,
  itemPositionsInputSchema,
  itemPositionsSchema,
  judgeRunInputSchema,
  listCasesInputSchema,
  listItemsInputSchema,
  listRunsInputSchema,
  listSuitesInputSchema,
  modelPriceSchema,
  onRunEventsInputSchema,
  removePriceInputSchema,
  resumeRunInputSchema,
  retryFailedInputSchema,
  runActionResultSchema,
  runDetailSchema,
  runFacetsSchema,
  runIdInputSchema,
  runInsightsSchema,
  runPageSchema,
  suiteIdInputSchema,
  suitePageSchema,
  suiteSummarySchema,
  suiteVersionSchema,
  tryValidatorInputSchema,
  tryValidatorResultSchema,
  versionIdInputSchema,
  type RunUpdate,
} from '@proctor/schema'
import { z } from 'zod'
import { found } from './found.ts'
import { procedure, reportUserErrors, router } from './trpc.ts'

const suites = router({
  create: procedure
    .input(createSuiteInputSchema)
    .output(createSuiteResultSchema)
    .mutation(({ ctx, input }) => ctx.services.saveSuite(input)),
  list: procedure
    .input(listSuitesInputSchema)
    .output(suitePageSchema)
    .query(({ ctx, input }) => ctx.services.suites.list(input)),
  /** One version of a suite. */
  get: procedure
    .input(versionIdInputSchema)
    .output(suiteSummarySchema)
    .query(async ({ ctx, input }) =>
      found(await ctx.services.suites.getVersion(input.versionId), 'versionId', 'suite version'),
    ),
  versions: procedure
    .input(suiteIdInputSchema)
    .output(z.array(suiteVersionSchema))
    .query(({ ctx, input }) => ctx.services.suites.listVersions(input.suiteId)),
  /** Makes the next version out of the newest one and what changed in it. */
  edit: procedure
    .input(editSuiteInputSchema)
    .output(createSuiteResultSchema)
    .mutation(({ ctx, input }) => ctx.services.editSuite(input)),
  cases: procedure
    .input(listCasesInputSchema)
    .output(casePageSchema)
    .query(({ ctx, input }) => ctx.services.suites.listCases(input.versionId, input)),
})

const prices = router({
  /** The price in force today, for each model that has one. */
  list: procedure
    .input(z.void())
    .output(z.array(modelPriceSchema))
    .query(({ ctx }) => ctx.services.listPrices()),
  /** Every price, past and future ones too. */
  listAll: procedure
    .input(z.void())
    .output(z.object({ prices: z.array(datedPriceSchema), unpricedModels: z.array(z.string()) }))
    .query(async ({ ctx }) => ({
      prices: await ctx.services.prices.listAll(),
      unpricedModels: await ctx.services.prices.unpricedModels(),
    })),
  /** Takes a price back; one that Proctor brought returns to what it was. */
  remove: procedure
    .input(removePriceInputSchema)
    .output(z.boolean())
    .mutation(({ ctx, input }) => ctx.services.removePrice(input)),
  /** Sets what a model costs from a day on. */
  save: procedure
    .input(modelPriceSchema)
    .output(modelPriceSchema)
    .mutation(({ ctx, input }) => ctx.services.savePrice(input)),
})

/** Events are checked where they are written; checking each again for each subscriber would cost the live path. */
const runUpdatesSchema = z.custom<AsyncGenerator<TrackedEnvelope<RunUpdate>, void, undefined>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
)

/** Batch tests: suites, runs and their live events. */
export const batchRouter = router({
  suites,
  prices,
  create: procedure
    .input(createRunInputSchema)
    .output(createRunResultSchema)
    .mutation(({ ctx, input }) => ctx.services.createRun(input)),
  /** A run for each of several models, in one experiment; all is checked before the first is written. */
  createMany: procedure
    .input(createRunsInputSchema)
    .output(createRunsResultSchema)
    .mutation(({ ctx, input }) => ctx.services.createRuns(input)),
  estimate: procedure
    .input(estimateInputSchema)
    .output(estimateSchema)
    .query(({ ctx, input }) => ctx.services.estimateRun(input)),
  list: procedure
    .input(listRunsInputSchema)
    .output(runPageSchema)
    .query(({ ctx, input }) => ctx.services.runs.list(input)),
  facets: procedure
    .input(z.void())
    .output(runFacetsSchema)
    .query(({ ctx }) => ctx.services.runs.facets()),
  get: procedure
    .input(runIdInputSchema)
    .output(runDetailSchema)
    .query(async ({ ctx, input }) => found(await ctx.services.runs.get(input.runId), 'runId', 'run')),
  items: procedure
    .input(listItemsInputSchema)
    .output(itemPageSchema)
    .query(({ ctx, input }) => ctx.services.runs.listItems(input)),
  /** Which items fit a filter, by position, for a page that has the rows themselves. */
  itemPositions: procedure
    .input(itemPositionsInputSchema)
    .output(itemPositionsSchema)
    .query(async ({ ctx, input }) => ({ positions: await ctx.services.runs.itemPositions(input) })),
  /** Scores by points, and checks by type, tag and group. */
  insights: procedure
    .input(runIdInputSchema)
    .output(runInsightsSchema)
    .query(({ ctx, input }) => ctx.services.runs.insights(input.runId)),
  item: procedure
    .input(z.object({ itemId: z.uuid() }))
    .output(itemDetailSchema)
    .query(async ({ ctx, input }) => found(await ctx.services.messages.itemDetail(input.itemId), 'itemId', 'item')),
  /** An item's row and its neighbours under a filter, for a page of its own. */
  neighbours: procedure
    .input(itemNeighboursInputSchema)
    .output(itemNeighboursSchema)
    .query(async ({ ctx, input }) => found(await ctx.services.runs.neighbours(input), 'itemId', 'item')),
  /** Runs a validator on a pasted answer. */
  tryValidator: procedure
    .input(tryValidatorInputSchema)
    .output(tryValidatorResultSchema)
    .query(({ ctx, input }) => ctx.services.tryValidator(input)),
  errors: procedure
    .input(runIdInputSchema)
    .output(z.array(errorGroupSchema))
    .query(({ ctx, input }) => ctx.services.runs.errorGroups(input.runId)),
  pause: procedure
    .input(runIdInputSchema)
    .output(runActionResultSchema)
    .mutation(({ ctx, input }) => ctx.services.pauseRun(input.runId)),
  resume: procedure
    .input(resumeRunInputSchema)
    .output(runActionResultSchema)
    .mutation(({ ctx, input }) => ctx.services.resumeRun(input.runId, input.budgetMicros)),
  cancel: procedure
    .input(runIdInputSchema)
    .output(runActionResultSchema)
    .mutation(({ ctx, input }) => ctx.services.cancelRun(input.runId)),
  retryFailed: procedure
    .input(retryFailedInputSchema)
    .output(runActionResultSchema)
    .mutation(({ ctx, input }) => ctx.services.retryFailed(input.runId, input.kind)),
  judgeRun: procedure
    .input(judgeRunInputSchema)
    .output(runActionResultSchema)
    .mutation(({ ctx, input }) => ctx.services.judgeRun(input)),
  onRunEvents: procedure
    .input(onRunEventsInputSchema)
    .output(runUpdatesSchema)
    .subscription(async function* ({ ctx, input, signal }) {
      const afterSeq = input.lastEventId ? Number(input.lastEventId) : null
      const updates = ctx.services.watchRun(input.runId, afterSeq, signal ?? new AbortController().signal)
      for await (const update of reportUserErrors(updates)) {
        const seq = update.kind === 'snapshot' ? update.run.lastEventSeq : update.event.seq
        yield tracked(String(seq), update)
      }
    }),
})
