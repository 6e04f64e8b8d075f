import { z } from 'zod'
import type { ModelPrice } from './model-ref.ts'

export const usageSchema = z.object({
  /** All input tokens, the cached ones included. */
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  /** The part of the input that the provider took from its cache. */
  cachedInputTokens: z.number().int().nonnegative(),
})
export type Usage = z.infer<typeof usageSchema>

/**
 * What a call costs, in whole micro-dollars, rounded up so that a budget is never passed by rounding.
 * Null where the price is unknown: unknown is not free.
 */
export function costMicros(usage: Usage, price: ModelPrice | null): number | null {
  if (!price) return null
  const uncachedInput = usage.inputTokens - usage.cachedInputTokens
  const perMillion =
    uncachedInput * price.inputMicrosPerMillion +
    usage.cachedInputTokens * price.cachedInputMicrosPerMillion +
    usage.outputTokens * price.outputMicrosPerMillion
  return Math.ceil(perMillion / 1_000_000)
}

/** A range in micro-dollars; null where a price is unknown. */
export const costRangeSchema = z.object({ lowMicros: z.number().int(), highMicros: z.number().int() }).nullable()
export type CostRange = z.infer<typeof costRangeSchema>

/** What a run will take, before it starts. */
export const estimateSchema = z.object({
  items: z.number().int(),
  judgedItems: z.number().int(),
  inputTokens: z.number().int(),
  answers: costRangeSchema,
  judging: costRangeSchema,
  total: costRangeSchema,
  /** Wall time in seconds, from the latency of earlier runs of the model or a rough figure. */
  durationSeconds: z.object({ low: z.number(), high: z.number() }),
  /** What the figures rest on and what is unknown, as sentences. */
  notes: z.array(z.string()),
})
export type Estimate = z.infer<typeof estimateSchema>

/** Money as people read it: micro-dollars as `$0.0123`, with more digits for small amounts. */
export function formatMicros(micros: number): string {
  const dollars = micros / 1_000_000
  if (dollars === 0) return '$0.00'
  if (dollars < 0.01) return `$${dollars.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`
  return `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`
}
