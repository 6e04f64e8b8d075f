import { z } from 'zod'
import { modelRefSchema, type ModelRef } from './model-ref.ts'
import { createRunInputSchema, createRunResultSchema, type CreateRunInput } from './run.ts'
import { defaultExperimentName, modelSlug, type TagOptions } from './session-tag.ts'

export const maxModelsAtOnce = 6

/** Several models on one suite with the same settings: a run for each, all in one experiment. */
export const createRunsInputSchema = createRunInputSchema.omit({ model: true }).extend({
  models: z
    .array(modelRefSchema)
    .min(1, 'Choose at least one model.')
    .max(maxModelsAtOnce, `Compare at most ${maxModelsAtOnce} models at once; start more runs afterwards.`)
    .refine((models) => new Set(models).size === models.length, 'Each model may be chosen once.'),
})
export type CreateRunsInput = z.infer<typeof createRunsInputSchema>

export const createRunsResultSchema = z.object({ runs: z.array(createRunResultSchema) })
export type CreateRunsResult = z.infer<typeof createRunsResultSchema>

/** `batch-testing-{model}`, and `batch-testing-{model}-vs-{model}` for several. */
export function defaultExperimentOf(models: readonly ModelRef[]): string {
  const [first, ...others] = models
  if (first === undefined) return ''
  return [defaultExperimentName(first), ...others.map(modelSlug)].join('-vs-').slice(0, 200)
}

/**
 * The tag of one of several runs. They share the experiment; a session id given by hand gets the model's
 * name (and a number where two models have the same one), so that each run has a session to compare.
 */
export function tagOfModel(tag: TagOptions, models: readonly ModelRef[], index: number): TagOptions {
  const model = models[index]
  if (tag.mode === 'none' || model === undefined || models.length === 1) return tag
  const experimentName = tag.experimentName ?? defaultExperimentOf(models)
  if (tag.mode === 'auto') return { mode: 'auto', experimentName }
  const same = models.slice(0, index).filter((other) => modelSlug(other) === modelSlug(model)).length
  const suffix = `-${modelSlug(model)}${same > 0 ? `-${same + 1}` : ''}`
  return { mode: 'manual', sessionId: `${tag.sessionId.slice(0, 128 - suffix.length)}${suffix}`, experimentName }
}

/** One run's input for each model. */
export function runsOfModels({ models, tag, ...shared }: CreateRunsInput): CreateRunInput[] {
  return models.map((model, index) => ({ ...shared, model, tag: tagOfModel(tag, models, index) }))
}
