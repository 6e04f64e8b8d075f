import { z } from 'zod'
import { pageInputSchema, pageOf } from './paging.ts'
import { validatorSchema } from './validator.ts'

/** Longest text accepted in one turn; a 5 MB prompt is a mistake that would cost real money. */
export const maxPromptCharacters = 200_000
export const maxCasesPerSuite = 100_000

const promptSchema = z
  .string()
  .min(1, 'A prompt must not be empty.')
  .max(
    maxPromptCharacters,
    `A prompt may have at most ${maxPromptCharacters} characters; shorten it or split the case.`,
  )

const caseFields = {
  /** The user's own id of the case, unique in its suite. */
  id: z.string().min(1, 'A case needs an id.').max(128),
  system: z.string().max(maxPromptCharacters).optional(),
  expected: z.string().max(maxPromptCharacters).optional(),
  /** A hint for the judge, never shown to the model under test. */
  notes: z.string().max(maxPromptCharacters).optional(),
  tags: z.array(z.string().min(1).max(64)).max(50).default([]),
  /** Cases of one group are not independent (variants of one question, one document's questions). */
  group: z.string().min(1).max(128).optional(),
  validators: z.array(validatorSchema).max(50).default([]),
}

/** A case: the user's turns (a plain prompt is one turn) and what a good answer looks like. */
export const suiteCaseSchema = z.object({
  ...caseFields,
  turns: z.array(promptSchema).min(1).max(50),
})
export type SuiteCase = z.infer<typeof suiteCaseSchema>

/** A case as users write it: `prompt` for one turn or `turns` for several, not both. */
export const suiteCaseInputSchema = z
  .object({ ...caseFields, prompt: promptSchema.optional(), turns: z.array(promptSchema).min(1).max(50).optional() })
  .refine((entry) => (entry.prompt === undefined) !== (entry.turns === undefined), {
    path: ['prompt'],
    message: 'Give either `prompt` (one turn) or `turns` (several), not both and not neither.',
  })
  .transform(({ prompt, turns, ...rest }): SuiteCase => ({ ...rest, turns: turns ?? [prompt ?? ''] }))

/** A suite as users write it. Case ids must be unique, since results are joined by them. */
export const createSuiteInputSchema = z.object({
  name: z.string().trim().min(1, 'A suite needs a name.').max(200),
  description: z.string().max(5000).default(''),
  cases: z
    .array(suiteCaseInputSchema)
    .min(1, 'A suite needs at least one case; add a case with an id and a prompt.')
    .max(maxCasesPerSuite)
    .superRefine((cases, context) => {
      const firstIndexById = new Map<string, number>()
      cases.forEach((entry, index) => {
        const first = firstIndexById.get(entry.id)
        if (first === undefined) firstIndexById.set(entry.id, index)
        else
          context.addIssue({
            code: 'custom',
            path: [index, 'id'],
            message: `Case id "${entry.id}" is used twice (cases ${first + 1} and ${index + 1}); give each case its own id.`,
          })
      })
    }),
})
export type CreateSuiteInput = z.infer<typeof createSuiteInputSchema>
/** The same before the defaults are filled in, as scripts write it. */
export type CreateSuiteRequest = z.input<typeof createSuiteInputSchema>

export const suiteSummarySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  /** The newest version; runs name the version that they used. */
  version: z.number().int().positive(),
  versionId: z.uuid(),
  caseCount: z.number().int().nonnegative(),
  validatorCount: z.number().int().nonnegative(),
  createdAt: z.iso.datetime(),
})
export type SuiteSummary = z.infer<typeof suiteSummarySchema>

/** Saving a suite under an existing name adds a version, unless nothing changed. */
export const createSuiteResultSchema = suiteSummarySchema.extend({ created: z.enum(['suite', 'version', 'nothing']) })
export type CreateSuiteResult = z.infer<typeof createSuiteResultSchema>

export const listSuitesInputSchema = pageInputSchema
export const suitePageSchema = pageOf(suiteSummarySchema)

export const listCasesInputSchema = pageInputSchema.extend({ versionId: z.uuid() })
export const casePageSchema = pageOf(suiteCaseSchema)

export const versionIdInputSchema = z.object({ versionId: z.uuid() })
export const suiteIdInputSchema = z.object({ suiteId: z.uuid() })

/** One of the versions of a suite, with how many runs used it. */
export const suiteVersionSchema = z.object({
  versionId: z.uuid(),
  version: z.number().int().positive(),
  caseCount: z.number().int().nonnegative(),
  runCount: z.number().int().nonnegative(),
  createdAt: z.iso.datetime(),
})
export type SuiteVersion = z.infer<typeof suiteVersionSchema>

/** Changes to the newest version of a suite, which make the next one; only what changed is sent. */
export const editSuiteInputSchema = z.object({
  suiteId: z.uuid(),
  /** The version that the changes were made to; another one by now is a conflict. */
  expectedVersion: z.number().int().positive(),
  /** The case of this id becomes another one; without an id the case is added at the end. */
  upserts: z.array(z.object({ originalId: z.string().nullable(), case: suiteCaseInputSchema })).max(maxCasesPerSuite),
  /** Ids of cases that go. */
  removes: z.array(z.string()).max(maxCasesPerSuite),
})
export type EditSuiteInput = z.infer<typeof editSuiteInputSchema>
