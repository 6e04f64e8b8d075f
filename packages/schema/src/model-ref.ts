import { z } from 'zod'

export const providerNameSchema = z.enum(['openai', 'anthropic'])
export type ProviderName = z.infer<typeof providerNameSchema>

/** A model as users write it: `provider:model`, for example `openai:gpt-4.1-mini`. */
export const modelRefSchema = z
  .string()
  .max(200)
  .regex(
    /^[a-z][a-z0-9-]*:\S+$/,
    'Write the model as provider:model, for example openai:gpt-4.1-mini or anthropic:claude-haiku-4-5.',
  )
export type ModelRef = z.infer<typeof modelRefSchema>

/** Splits `provider:model`; the model part may itself contain colons (`openai:llama3:8b`). */
export function splitModelRef(ref: ModelRef): { provider: string; model: string } {
  const colon = ref.indexOf(':')
  return { provider: ref.slice(0, colon), model: ref.slice(colon + 1) }
}

/** What is charged per million tokens, in micro-dollars (1 USD = 1,000,000). */
export const modelPriceSchema = z.object({
  model: modelRefSchema,
  /** Prices change: a price holds from this UTC day (YYYY-MM-DD) until the next one. */
  effectiveFrom: z.iso.date(),
  inputMicrosPerMillion: z.number().int().nonnegative(),
  outputMicrosPerMillion: z.number().int().nonnegative(),
  cachedInputMicrosPerMillion: z.number().int().nonnegative(),
  source: z.string(),
})
export type ModelPrice = z.infer<typeof modelPriceSchema>

/** A model that can be chosen, as the model pickers show it. */
export const modelInfoSchema = z.object({
  ref: modelRefSchema,
  provider: providerNameSchema,
  model: z.string(),
  price: modelPriceSchema.nullable(),
})
export type ModelInfo = z.infer<typeof modelInfoSchema>

/** A provider and whether it can be called; `problem` says what is missing. */
export const providerStatusSchema = z.object({
  provider: providerNameSchema,
  ready: z.boolean(),
  problem: z.string().nullable(),
  /** Where calls go. */
  host: z.string(),
  /** The environment variables that set it up, and whether there is a key; never the key itself. */
  keyVariable: z.string(),
  baseUrlVariable: z.string(),
  hasKey: z.boolean(),
})
export type ProviderStatus = z.infer<typeof providerStatusSchema>
