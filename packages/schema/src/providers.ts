import { z } from 'zod'
import { usageSchema } from './cost.ts'
import { failureSchema } from './errors.ts'
import { modelPriceSchema, modelRefSchema } from './model-ref.ts'

export const testCallInputSchema = z.object({ model: modelRefSchema })

/** What a provider says about the room left; null where it says nothing. */
export const rateLimitSchema = z.object({
  remainingRequests: z.number().nullable(),
  remainingTokens: z.number().nullable(),
  /** What it allows in the long run. */
  requestsPerMinute: z.number().nullable(),
  tokensPerMinute: z.number().nullable(),
  /** Until an exhausted allowance has room for one more call. */
  nextCallAfterMs: z.number().nullable(),
})
export type RateLimitState = z.infer<typeof rateLimitSchema>

/** One small call made to see whether a model answers. */
export const testCallResultSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    latencyMs: z.number(),
    timeToFirstTokenMs: z.number().nullable(),
    usage: usageSchema,
    costMicros: z.number().int().nullable(),
    rateLimit: rateLimitSchema,
  }),
  z.object({ ok: z.literal(false), failure: failureSchema }),
])
export type TestCallResult = z.infer<typeof testCallResultSchema>

/** A price with where it comes from: a user's own can be taken back. */
export const datedPriceSchema = modelPriceSchema.extend({
  /** It stands in the list that comes with Proctor, as it is. */
  fromList: z.boolean(),
})
export type DatedPrice = z.infer<typeof datedPriceSchema>
export const removePriceInputSchema = modelPriceSchema.pick({ model: true, effectiveFrom: true })
export type RemovePriceInput = z.infer<typeof removePriceInputSchema>
