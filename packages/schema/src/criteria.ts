import { z } from 'zod'
import { criterionSchema } from './judge.ts'

/** A criterion that can be chosen by its id: built in, or saved by the user. */
export const savedCriterionSchema = criterionSchema.extend({
  builtIn: z.boolean(),
  /** Set once it is put away: no longer on offer, and restorable. */
  archivedAt: z.iso.datetime().nullable(),
})
export type SavedCriterion = z.infer<typeof savedCriterionSchema>

export const listCriteriaInputSchema = z.object({ archived: z.boolean().default(false) }).prefault({})
export const criterionIdInputSchema = z.object({ id: criterionSchema.shape.id })
