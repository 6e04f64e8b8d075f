import { z } from 'zod'
import { itemSortKeys, maxScore, minScore } from './constants.ts'
import { failureKindSchema } from './errors.ts'
import { criterionIdSchema } from './judge.ts'
import { pageInputSchema, pageOf } from './paging.ts'
import { itemSchema, itemStateSchema } from './run.ts'
import { validatorTypeSchema } from './validator.ts'

const scorePointsSchema = z.number().int().min(minScore).max(maxScore)

/** Scores in whole points, both ends included: 6.5 counts as 6. An open end is left out. */
export const scoreRangeSchema = z
  .object({ criterion: criterionIdSchema, min: scorePointsSchema.optional(), max: scorePointsSchema.optional() })
  .refine(({ min = minScore, max = maxScore }) => min <= max, {
    path: ['min'],
    message: 'A range of scores must not start above its end.',
  })
export type ScoreRange = z.infer<typeof scoreRangeSchema>

/** `any` check, or those of one type. */
export const failedCheckSchema = z.union([z.literal('any'), validatorTypeSchema])
export type FailedCheck = z.infer<typeof failedCheckSchema>

/** What the rows of a run's table can be narrowed down to; everything given must hold. */
export const itemFilterSchema = z.object({
  state: z.array(itemStateSchema).optional(),
  failureKind: failureKindSchema.optional(),
  /** Part of the case id, of a whole prompt or answer, or of what went wrong. */
  text: z.string().max(200).optional(),
  scores: z.array(scoreRangeSchema).max(20).optional(),
  /** The answer failed a check. */
  failedCheck: failedCheckSchema.optional(),
  /** Of the item's case. */
  tag: z.string().min(1).max(64).optional(),
  group: z.string().min(1).max(128).optional(),
})
export type ItemFilterInput = z.infer<typeof itemFilterSchema>

/** Ties by position; rows without a value stand last in both directions. */
export const itemSortSchema = z
  .object({
    by: z.enum(itemSortKeys),
    /** Which criterion, when `by` is `score`. */
    criterion: criterionIdSchema.optional(),
    descending: z.boolean().default(false),
  })
  .refine(({ by, criterion }) => (by === 'score') === (criterion !== undefined), {
    path: ['criterion'],
    message: 'Sorting by score needs a criterion; other sorts take none.',
  })
export type ItemSort = z.infer<typeof itemSortSchema>

export const listItemsInputSchema = pageInputSchema.extend(itemFilterSchema.shape).extend({
  runId: z.uuid(),
  /** By position when left out. A cursor belongs to the sort that it came with. */
  sort: itemSortSchema.optional(),
})
export type ListItemsInput = z.infer<typeof listItemsInputSchema>
export const itemPageSchema = pageOf(itemSchema)

/** Finds rows without sending them: for a page that has the rows and lacks what the filter needs. */
export const itemPositionsInputSchema = itemFilterSchema.extend({ runId: z.uuid() })
export type ItemPositionsInput = z.infer<typeof itemPositionsInputSchema>
export const itemPositionsSchema = z.object({ positions: z.array(z.number().int().nonnegative()) })

export const itemNeighboursInputSchema = itemFilterSchema.extend({ itemId: z.uuid() })
export type ItemNeighboursInput = z.infer<typeof itemNeighboursInputSchema>
/** An item's row, and the rows before and after it among those that fit the filter. */
export const itemNeighboursSchema = z.object({
  item: itemSchema,
  previousId: z.uuid().nullable(),
  nextId: z.uuid().nullable(),
  /** How many rows fit the filter, and how many of them stand before this one. */
  total: z.number().int().nonnegative(),
  before: z.number().int().nonnegative(),
})
export type ItemNeighbours = z.infer<typeof itemNeighboursSchema>

const passedOfTotalSchema = z.object({ passed: z.number().int(), total: z.number().int() })

/** Where a run is good and where it is not, from the rows as its table shows them. */
export const runInsightsSchema = z.object({
  /** Items by the score in their cell, whole points 1 to 10; criteria without a score are left out. */
  scores: z.array(z.object({ criterion: z.string(), counts: z.array(z.number().int()).length(maxScore) })),
  /** Checks by what they check, and by the tag and the group of the case: worst share first. */
  checks: z.array(passedOfTotalSchema.extend({ type: validatorTypeSchema })),
  tags: z.array(passedOfTotalSchema.extend({ tag: z.string() })),
  groups: z.array(passedOfTotalSchema.extend({ group: z.string() })),
})
export type RunInsights = z.infer<typeof runInsightsSchema>
