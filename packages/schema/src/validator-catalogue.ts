import { z } from 'zod'
import { validatorResultSchema, validatorSchema, type Validator } from './validator.ts'

interface CatalogueEntry {
  type: Validator['type']
  /** What it checks, in a sentence. */
  checks: string
  /** A validator as it stands in a case. */
  example: Validator
  /** An answer that passes the example. */
  passes: string
}

/** Every kind of validator, as pages and guides show it. */
export const validatorCatalogue: readonly CatalogueEntry[] = [
  {
    type: 'equals',
    checks: 'The answer is this text, spaces around it aside.',
    example: { type: 'equals', value: 'billing', ignoreCase: true },
    passes: 'Billing',
  },
  {
    type: 'contains',
    checks: 'The text occurs somewhere in the answer.',
    example: { type: 'contains', value: '30 days', ignoreCase: false },
    passes: 'You can return it within 30 days.',
  },
  {
    type: 'not-contains',
    checks: 'The text occurs nowhere in the answer.',
    example: { type: 'not-contains', value: 'As an AI', ignoreCase: true },
    passes: 'Happy to help.',
  },
  {
    type: 'regex',
    checks: 'A regular expression matches somewhere in the answer; flags i, m, s and u.',
    example: { type: 'regex', pattern: String.raw`HF-\d{5}`, flags: '' },
    passes: 'Your order HF-20417 is on its way.',
  },
  {
    type: 'json-schema',
    checks: 'The answer is JSON (a fenced block counts) that fits a JSON Schema.',
    example: {
      type: 'json-schema',
      schema: { type: 'object', properties: { label: { enum: ['refund', 'other'] } }, required: ['label'] },
    },
    passes: '{"label": "refund"}',
  },
  {
    type: 'numeric',
    checks: 'The last number of the answer is this one, give or take the tolerance.',
    example: { type: 'numeric', value: 42, tolerance: 0.5 },
    passes: 'So the answer is 42.',
  },
  {
    type: 'max-words',
    checks: 'The answer has at most this many words.',
    example: { type: 'max-words', value: 60 },
    passes: 'Short and clear.',
  },
]

export const tryValidatorInputSchema = z.object({ validator: validatorSchema, answer: z.string().max(200_000) })
export type TryValidatorInput = z.infer<typeof tryValidatorInputSchema>
export const tryValidatorResultSchema = validatorResultSchema
