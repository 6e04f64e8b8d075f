import { z } from 'zod'
import { defaultThreshold, maxScore, minScore } from './constants.ts'
import { failureSchema } from './errors.ts'
import { modelRefSchema } from './model-ref.ts'

/** What the numbers of a criterion mean: the judge's rubric is anchored at four scores. */
export const anchorsSchema = z.object({
  1: z.string().min(1).max(1000),
  4: z.string().min(1).max(1000),
  7: z.string().min(1).max(1000),
  10: z.string().min(1).max(1000),
})
export type Anchors = z.infer<typeof anchorsSchema>

export const criterionIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'A criterion id has 1-40 small letters, digits or _, and starts with a letter.')

/** One thing that the judge scores. */
export const criterionSchema = z.object({
  id: criterionIdSchema,
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().min(1).max(1000),
  anchors: anchorsSchema,
})
export type Criterion = z.infer<typeof criterionSchema>

/** A built-in criterion by its id, or a whole criterion of the user's own. */
export const criterionChoiceSchema = z.union([criterionIdSchema, criterionSchema])
export type CriterionChoice = z.infer<typeof criterionChoiceSchema>

const criterionChoicesSchema = z
  .array(criterionChoiceSchema)
  .min(1, 'Choose at least one criterion, or switch the judge off.')
  .max(20)
  .refine(
    (choices) => new Set(choices.map(criterionChoiceId)).size === choices.length,
    'Each criterion may be chosen once.',
  )

/** The id of a chosen criterion, whichever way it was given. */
export function criterionChoiceId(choice: CriterionChoice): string {
  return typeof choice === 'string' ? choice : choice.id
}

export const judgeWhenSchema = z.enum(['live', 'after', 'manual'])
export type JudgeWhen = z.infer<typeof judgeWhenSchema>

/** How a run is judged, as the user asks for it. */
export const judgeOptionsSchema = z.object({
  model: modelRefSchema,
  criteria: criterionChoicesSchema,
  when: judgeWhenSchema.default('live'),
  /** Share of the items that are judged, chosen by a hash of the item. */
  sampleShare: z
    .number()
    .gt(0, 'The sampled share must be above 0; switch the judge off to judge nothing.')
    .max(1, 'The sampled share is a fraction: 1 judges every answer.')
    .default(1),
  /** Scores at or above it pass. */
  threshold: z.number().min(minScore).max(maxScore).default(defaultThreshold),
})
export type JudgeOptions = z.infer<typeof judgeOptionsSchema>

/** How a run is judged, with every criterion spelled out, as it is stored with the run. */
export const judgeSettingsSchema = judgeOptionsSchema.extend({ criteria: z.array(criterionSchema).min(1) })
export type JudgeSettings = z.infer<typeof judgeSettingsSchema>

/** Why the judge gave its score. */
export const evidenceSchema = z.object({
  reasoning: z.string(),
  /** Passages that really occur in the answer; others that the judge gave are dropped and counted. */
  quotes: z.array(z.string()),
  inventedQuotes: z.number().int().nonnegative(),
  confidence: z.number().min(0).max(1),
  suggestions: z.array(z.string()),
})
export type Evidence = z.infer<typeof evidenceSchema>

export const judgmentSchema = z.object({
  id: z.uuid(),
  messageId: z.uuid(),
  criterion: z.string(),
  /** Whole points are asked for; a judge that answers in halves is taken at its word. */
  score: z.number().min(minScore).max(maxScore),
  passed: z.boolean(),
  threshold: z.number(),
  evidence: evidenceSchema,
  judgeModel: modelRefSchema,
  promptVersion: z.string(),
  /** False once the same judge has scored the same message and criterion again. */
  current: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type Judgment = z.infer<typeof judgmentSchema>

/** One call of the judge that gave no verdict, kept with what it said. */
export const failedJudgeCallSchema = z.object({
  id: z.uuid(),
  judgeModel: modelRefSchema,
  promptVersion: z.string(),
  failure: failureSchema,
  rawText: z.string().nullable(),
  createdAt: z.iso.datetime(),
})
export type FailedJudgeCall = z.infer<typeof failedJudgeCallSchema>

export const judgeMessageInputSchema = z.object({
  messageId: z.uuid(),
  model: modelRefSchema,
  criteria: criterionChoicesSchema,
  threshold: z.number().min(minScore).max(maxScore).default(defaultThreshold),
})
export type JudgeMessageInput = z.infer<typeof judgeMessageInputSchema>

export const messageJudgmentsSchema = z.object({
  judgments: z.array(judgmentSchema),
  failedCalls: z.array(failedJudgeCallSchema),
})
export type MessageJudgments = z.infer<typeof messageJudgmentsSchema>
