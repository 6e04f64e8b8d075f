import { z } from 'zod'

/** What a user did wrong (or what is missing), as a code that scripts can switch on. */
export const errorCodeSchema = z.enum([
  'invalid-input',
  'not-found',
  'conflict',
  'unknown-model',
  'unknown-provider',
  'missing-key',
  'unknown-price',
  'internal',
])
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** The typed body of every error answer: what is wrong, in which field, and how to mend it. */
export const errorBodySchema = z.object({
  code: errorCodeSchema,
  /** Dotted path of the offending input field, or null when no single field is at fault. */
  field: z.string().nullable(),
  message: z.string(),
  /** What to do about it, as a full sentence. */
  mend: z.string(),
  requestId: z.string(),
})
export type ErrorBody = z.infer<typeof errorBodySchema>

/** Why a call to a provider failed. */
export const failureKindSchema = z.enum([
  'rate-limited',
  'timeout',
  'auth',
  'refused',
  'invalid-request',
  'overloaded',
  'connection',
  'content-filter',
  'unknown',
])
export type FailureKind = z.infer<typeof failureKindSchema>

/** A failed provider call (or a failed judgment), as it is stored and shown. */
export const failureSchema = z.object({
  kind: failureKindSchema,
  message: z.string(),
  retryable: z.boolean(),
  httpStatus: z.number().int().nullable(),
  providerRequestId: z.string().nullable(),
})
export type Failure = z.infer<typeof failureSchema>
