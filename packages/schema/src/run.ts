import { z } from 'zod'
import { failureKindSchema, failureSchema } from './errors.ts'
import { judgeOptionsSchema, judgeSettingsSchema } from './judge.ts'
import { modelRefSchema } from './model-ref.ts'
import { pageInputSchema, pageOf } from './paging.ts'
import { tagOptionsSchema } from './session-tag.ts'

export const runStatusSchema = z.enum(['queued', 'running', 'pausing', 'paused', 'completed', 'cancelled', 'failed'])
export type RunStatus = z.infer<typeof runStatusSchema>

/** Why a run stands where it stands, when the status alone does not say. */
export const statusReasonSchema = z.enum(['user', 'over-budget', 'internal-error'])
export type StatusReason = z.infer<typeof statusReasonSchema>

export const itemStateSchema = z.enum(['pending', 'running', 'answered', 'judged', 'judge_failed', 'failed'])
export type ItemState = z.infer<typeof itemStateSchema>

/** How the model is called; the same for every item of a run. */
export const callSettingsSchema = z.object({
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.number().int().min(1).max(200_000).default(1024),
  systemPrompt: z.string().max(200_000).optional(),
  /** Per call, from sending the request to its last byte. */
  timeoutMs: z.number().int().min(100).max(3_600_000).default(120_000),
  /** Calls per item at most, the first one included. */
  maxAttempts: z.number().int().min(1).max(20).default(5),
  /** Take the answer of an earlier call that was the same in every way, at no cost; off by default. */
  useCache: z.boolean().optional(),
})
export type CallSettings = z.infer<typeof callSettingsSchema>

export const concurrencySchema = z
  .number()
  .int()
  .min(1, 'Concurrency must be at least 1.')
  .max(256, 'Concurrency may be at most 256; use several runs for more.')

const budgetMicrosSchema = z.number().int().positive('A budget must be above 0; leave it out for none.').max(1e15)

const runChoicesSchema = z.object({
  suiteVersionId: z.uuid('Choose a suite.'),
  model: modelRefSchema,
  repeats: z.number().int().min(1).max(100).default(1),
  call: callSettingsSchema.prefault({}),
  judge: judgeOptionsSchema.nullable().default(null),
})

/** A batch test, as the user asks for it. */
export const createRunInputSchema = runChoicesSchema.extend({
  tag: tagOptionsSchema.default({ mode: 'auto' }),
  concurrency: concurrencySchema.default(8),
  /** Hard cap of answers and judging together, in micro-dollars. */
  budgetMicros: budgetMicrosSchema.nullable().default(null),
})
export type CreateRunInput = z.infer<typeof createRunInputSchema>
/** The same before the defaults are filled in, as scripts write it. */
export type CreateRunRequest = z.input<typeof createRunInputSchema>

export const createRunResultSchema = z.object({
  runId: z.uuid(),
  sessionId: z.string().nullable(),
  experimentName: z.string().nullable(),
})
export type CreateRunResult = z.infer<typeof createRunResultSchema>

export const estimateInputSchema = runChoicesSchema.extend({ concurrency: concurrencySchema.default(8) })
export type EstimateInput = z.infer<typeof estimateInputSchema>

/** Items by state; the states add up to `total`. */
export const countsSchema = z.object({
  total: z.number().int().nonnegative(),
  pending: z.number().int().nonnegative(),
  running: z.number().int().nonnegative(),
  answered: z.number().int().nonnegative(),
  judged: z.number().int().nonnegative(),
  judgeFailed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  /** Of the answered ones: those that the judge has still to score. */
  judgeWaiting: z.number().int().nonnegative(),
})
export type Counts = z.infer<typeof countsSchema>

/** Running quality of one criterion by one judge, over the current judgments of a run. */
export const qualitySchema = z.object({
  criterion: z.string(),
  judgeModel: z.string(),
  n: z.number().int().nonnegative(),
  mean: z.number().nullable(),
  passed: z.number().int().nonnegative(),
})
export type Quality = z.infer<typeof qualitySchema>

/** The part of a run that moves while it runs. */
export const progressSchema = z.object({
  counts: countsSchema,
  quality: z.array(qualitySchema),
  validators: z.object({ passed: z.number().int(), total: z.number().int() }),
  tokens: z.object({ input: z.number().int(), output: z.number().int(), cachedInput: z.number().int() }),
  /** Money spent, in micro-dollars. Calls without a known price are counted, never taken as free. */
  cost: z.object({
    answersMicros: z.number().int(),
    judgingMicros: z.number().int(),
    unpricedCalls: z.number().int(),
  }),
})
export type Progress = z.infer<typeof progressSchema>

export const runSummarySchema = z.object({
  id: z.uuid(),
  status: runStatusSchema,
  statusReason: statusReasonSchema.nullable(),
  /** A sentence on the reason, for people. */
  statusMessage: z.string().nullable(),
  suite: z.object({ id: z.uuid(), name: z.string(), versionId: z.uuid(), version: z.number().int() }),
  model: modelRefSchema,
  judgeModel: modelRefSchema.nullable(),
  sessionId: z.string().nullable(),
  experimentName: z.string().nullable(),
  conversationId: z.uuid(),
  progress: progressSchema,
  /** Of the answered items; refreshed every few seconds while the run moves. */
  latency: z.object({ p50Ms: z.number().nullable(), p95Ms: z.number().nullable() }),
  budgetMicros: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  lastEventSeq: z.number().int().nonnegative(),
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const runDetailSchema = runSummarySchema.extend({
  concurrency: concurrencySchema,
  repeats: z.number().int(),
  call: callSettingsSchema,
  judge: judgeSettingsSchema.nullable(),
})
export type RunDetail = z.infer<typeof runDetailSchema>

export const runIdInputSchema = z.object({ runId: z.uuid() })
/** Retries what failed: all of it, or the answers that failed in one way. */
export const retryFailedInputSchema = runIdInputSchema.extend({ kind: failureKindSchema.nullable().default(null) })
export const resumeRunInputSchema = runIdInputSchema.extend({
  /** A new cap; needed when the old one stopped the run. Null lifts it. */
  budgetMicros: budgetMicrosSchema.nullish(),
})
/** Judges a run's answers: all of them, or only those that no judge has scored or that failed. */
export const judgeRunInputSchema = runIdInputSchema.extend({
  judge: judgeOptionsSchema.omit({ when: true }),
  scope: z.enum(['unjudged', 'all']).default('unjudged'),
})
export type JudgeRunInput = z.infer<typeof judgeRunInputSchema>

export const runActionResultSchema = z.object({ status: runStatusSchema, affectedItems: z.number().int() })
export type RunActionResult = z.infer<typeof runActionResultSchema>

export const listRunsInputSchema = pageInputSchema.extend({
  status: z.array(runStatusSchema).optional(),
  experimentName: z.string().optional(),
  model: z.string().optional(),
  suiteId: z.uuid().optional(),
  /** Created at or after, and before. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** Part of the session id, experiment, model or suite name. */
  text: z.string().max(200).optional(),
})
export type ListRunsInput = z.infer<typeof listRunsInputSchema>
export const runPageSchema = pageOf(runSummarySchema)

/** What there is to choose from when runs are filtered. */
export const runFacetsSchema = z.object({
  experiments: z.array(z.string()),
  models: z.array(z.string()),
  suites: z.array(z.object({ id: z.uuid(), name: z.string() })),
})
export type RunFacets = z.infer<typeof runFacetsSchema>

/** Score of the current judgment of one criterion, as table cells show it. */
export const scoreSchema = z.object({ criterion: z.string(), score: z.number(), passed: z.boolean() })
export type Score = z.infer<typeof scoreSchema>

/** One row of a run's table; the same shape arrives in events. */
export const itemSchema = z.object({
  id: z.uuid(),
  position: z.number().int().nonnegative(),
  caseId: z.string(),
  repeat: z.number().int().positive(),
  state: itemStateSchema,
  /** The judge is to score this item (it is in the sample, or was asked for). */
  judgeWanted: z.boolean(),
  promptPreview: z.string(),
  answerPreview: z.string().nullable(),
  /** The assistant's (last) message, once there is one. */
  messageId: z.uuid().nullable(),
  attempts: z.number().int().nonnegative(),
  latencyMs: z.number().nullable(),
  timeToFirstTokenMs: z.number().nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  costMicros: z.number().int().nullable(),
  validators: z.object({ passed: z.number().int(), total: z.number().int() }),
  scores: z.array(scoreSchema),
  failure: failureSchema.nullable(),
  /** Number of the last event that changed this row: an event at or below it is already in it. */
  seq: z.number().int().nonnegative(),
})
export type Item = z.infer<typeof itemSchema>

export const errorGroupSchema = z.object({
  stage: z.enum(['answer', 'judge']),
  kind: failureKindSchema,
  message: z.string(),
  count: z.number().int().positive(),
  retryable: z.boolean(),
})
export type ErrorGroup = z.infer<typeof errorGroupSchema>
