import { z } from 'zod'
import { validatorTypes } from './constants.ts'

const text = z.string().min(1).max(100_000)

/** A deterministic check of an answer. */
export const validatorSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('equals'), value: z.string().max(100_000), ignoreCase: z.boolean().default(false) }),
  z.object({ type: z.literal('contains'), value: text, ignoreCase: z.boolean().default(false) }),
  z.object({ type: z.literal('not-contains'), value: text, ignoreCase: z.boolean().default(false) }),
  z.object({
    type: z.literal('regex'),
    pattern: z.string().min(1).max(2000),
    flags: z
      .string()
      .regex(/^[imsu]*$/, 'Only the flags i, m, s and u are allowed.')
      .default(''),
  }),
  z.object({ type: z.literal('json-schema'), schema: z.record(z.string(), z.json()) }),
  z.object({ type: z.literal('numeric'), value: z.number(), tolerance: z.number().nonnegative().default(0) }),
  z.object({ type: z.literal('max-words'), value: z.number().int().positive() }),
])
export type Validator = z.infer<typeof validatorSchema>
export const validatorTypeSchema = z.enum(validatorTypes)
export type ValidatorType = z.infer<typeof validatorTypeSchema>

export const validatorResultSchema = z.object({
  validator: validatorSchema,
  passed: z.boolean(),
  /** What was found instead, in words; null when it passed. */
  explanation: z.string().nullable(),
})
export type ValidatorResult = z.infer<typeof validatorResultSchema>
