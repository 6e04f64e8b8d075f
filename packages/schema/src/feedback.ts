import { z } from 'zod'

export const feedbackVerdictSchema = z.enum(['up', 'down'])
export type FeedbackVerdict = z.infer<typeof feedbackVerdictSchema>

/** What a person thinks of an answer. */
export const feedbackSchema = z.object({
  messageId: z.uuid(),
  verdict: feedbackVerdictSchema,
  note: z.string().nullable(),
  createdAt: z.iso.datetime(),
})
export type Feedback = z.infer<typeof feedbackSchema>

export const setFeedbackInputSchema = z
  .object({
    messageId: z.uuid(),
    /** Null takes the feedback back. */
    verdict: feedbackVerdictSchema.nullable(),
    note: z
      .string()
      .trim()
      .max(5000, 'A note has at most 5,000 characters.')
      .nullable()
      .default(null)
      .transform((note) => note || null),
  })
  .refine(({ verdict, note }) => verdict !== null || note === null, {
    path: ['verdict'],
    message: 'A note goes with a thumb up or down; choose one, or leave out the note.',
  })
export type SetFeedbackInput = z.infer<typeof setFeedbackInputSchema>
