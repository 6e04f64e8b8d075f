import { z } from 'zod'
import { runNoteSchema } from './observer.ts'
import { itemSchema, progressSchema, runDetailSchema, runStatusSchema, statusReasonSchema } from './run.ts'

/**
 * What happened in a run. Numbered from 1 per run without gaps, in commit order.
 * `item` carries the whole row after the change, so that applying it is idempotent;
 * `progress` closes each group of changes with the counters that were committed with them.
 */
export const runEventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item'), item: itemSchema.omit({ seq: true }) }),
  z.object({ type: z.literal('progress'), progress: progressSchema }),
  z.object({
    type: z.literal('status'),
    status: runStatusSchema,
    reason: statusReasonSchema.nullable(),
    message: z.string().nullable(),
  }),
  /** The observer spoke up. */
  z.object({ type: z.literal('note'), note: runNoteSchema }),
])
export type RunEventBody = z.infer<typeof runEventBodySchema>

export const runEventSchema = z.object({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  body: runEventBodySchema,
})
export type RunEvent = z.infer<typeof runEventSchema>

/** What a subscriber receives: one snapshot (unless it resumes by event id), then events. */
export const runUpdateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), run: runDetailSchema }),
  z.object({ kind: z.literal('event'), event: runEventSchema }),
])
export type RunUpdate = z.infer<typeof runUpdateSchema>

export const onRunEventsInputSchema = z.object({
  runId: z.uuid(),
  /** Set by the client when it reconnects: only events after it are sent. */
  lastEventId: z.string().regex(/^\d+$/).nullish(),
})
