import { z } from 'zod'
import { failureKindSchema, failureSchema } from './errors.ts'
import { modelRefSchema } from './model-ref.ts'
import { runIdInputSchema } from './run.ts'

/** Session tag of the conversation about a run. */
export function observerTag(runId: string): string {
  return `batch-observer-${runId}`
}

/** How far the run was when something was said about it. */
export const asOfSchema = z.object({
  /** Items with an answer or a final failure. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  at: z.iso.datetime(),
})
export type AsOf = z.infer<typeof asOfSchema>

/** One look at the run: a tool, what it was asked, and what it said. */
export const observerStepSchema = z.object({
  tool: z.string(),
  arguments: z.json(),
  /** In words: "looked at 12 failed items". */
  label: z.string(),
  /** What the tool said, as the model read it; null when it failed. */
  result: z.json(),
  error: z.string().nullable(),
})
export type ObserverStep = z.infer<typeof observerStepSchema>

/** An item that an answer cites as `[#182]`. */
export const citationSchema = z.object({
  /** The item's place in the run, from 1. */
  number: z.number().int().positive(),
  itemId: z.uuid(),
  messageId: z.uuid().nullable(),
  caseId: z.string(),
})
export type Citation = z.infer<typeof citationSchema>

/** Something that the observer thinks should be done. It happens only when a person presses its button. */
export const proposalSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('pause') }),
  z.object({ action: z.literal('resume') }),
  /** Failed items back to work; of one kind of failure, or all. */
  z.object({ action: z.literal('retry'), kind: failureKindSchema.nullable(), count: z.number().int().positive() }),
  z.object({ action: z.literal('judge'), items: z.array(citationSchema).min(1).max(20) }),
])
export type Proposal = z.infer<typeof proposalSchema>

export const noteKindSchema = z.enum([
  'milestone',
  'failure-rate',
  'repeated-error',
  'score-drop',
  'latency-shift',
  'budget',
])
export type NoteKind = z.infer<typeof noteKindSchema>

/** What is stored beside the text of a message about a run. */
export const observationSchema = z.object({
  asOf: asOfSchema,
  steps: z.array(observerStepSchema),
  citations: z.array(citationSchema),
  /** Figures and citations, as they are written, that no tool result of the conversation holds. */
  unverified: z.array(z.string()),
  proposals: z.array(proposalSchema),
  noteKind: noteKindSchema.nullable(),
  /** Calls of the model that it took; 0 for the built-in analyst. */
  calls: z.number().int().nonnegative(),
  /** Why it ends before its time, when the model could not be asked to the end. */
  failure: failureSchema.nullable(),
})
export type Observation = z.infer<typeof observationSchema>

export const observerEntrySchema = z.object({
  id: z.uuid(),
  kind: z.enum(['question', 'answer', 'note']),
  text: z.string(),
  /** Who wrote an answer or a note; null for the built-in analyst, and for questions. */
  model: modelRefSchema.nullable(),
  finish: z.string().nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  /** Null where a price is unknown; 0 for the built-in analyst. */
  costMicros: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  /** Null for questions. */
  observation: observationSchema.nullable(),
})
export type ObserverEntry = z.infer<typeof observerEntrySchema>

const noteBudgetSchema = z.number().int().positive('A budget must be above 0; leave it out for none.').max(1e15)

export const observerSettingsSchema = z.object({
  /** Who answers; null is the built-in analyst. */
  model: modelRefSchema.nullable(),
  /** Posts notes by itself while the run moves. */
  speaksUp: z.boolean(),
  /** Cap of what wording the notes may cost; null words them without a model. */
  noteBudgetMicros: noteBudgetSchema.nullable(),
})
export type ObserverSettings = z.infer<typeof observerSettingsSchema>

export const observerDetailSchema = z.object({
  runId: z.uuid(),
  sessionId: z.string(),
  settings: observerSettingsSchema,
  entries: z.array(observerEntrySchema),
  isAnswering: z.boolean(),
  /** What the conversation has cost, apart from the run's own cost. */
  cost: z.object({
    answersMicros: z.number().int(),
    notesMicros: z.number().int(),
    unpricedAnswers: z.number().int(),
  }),
  quickPrompts: z.array(z.string()),
})
export type ObserverDetail = z.infer<typeof observerDetailSchema>

export const configureObserverInputSchema = runIdInputSchema.extend(observerSettingsSchema.partial().shape)
export type ConfigureObserverInput = z.infer<typeof configureObserverInputSchema>

/** A question takes its part of a small context, in any script. */
export const maxQuestionCharacters = 1000
export const askObserverInputSchema = runIdInputSchema.extend({
  text: z
    .string()
    .trim()
    .min(1, 'Write a question.')
    .max(maxQuestionCharacters, `A question may have at most ${maxQuestionCharacters} characters.`),
  /** Who is to answer; null is the built-in analyst, which calls no model. */
  model: modelRefSchema.nullable(),
})
export type AskObserverInput = z.infer<typeof askObserverInputSchema>

/** What happens to an answer; everything before one looked comes first, so a reload misses nothing. */
export const observerEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), asOf: asOfSchema, model: modelRefSchema.nullable() }),
  /** Setting a step again does no harm: it stands at its index. */
  z.object({ type: z.literal('step'), index: z.number().int(), step: observerStepSchema }),
  z.object({ type: z.literal('text'), offset: z.number().int(), text: z.string() }),
  z.object({ type: z.literal('done'), entry: observerEntrySchema }),
  /** Nothing is being written: the conversation has all there is. */
  z.object({ type: z.literal('idle') }),
])
export type ObserverEvent = z.infer<typeof observerEventSchema>

/** A note as the run's own events carry it. */
export const runNoteSchema = z.object({ entryId: z.uuid(), kind: noteKindSchema, text: z.string() })
export type RunNote = z.infer<typeof runNoteSchema>
