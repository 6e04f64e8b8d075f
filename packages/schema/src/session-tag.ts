import { z } from 'zod'
import { splitModelRef, type ModelRef } from './model-ref.ts'

export const sessionIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9\-_.:]{1,128}$/, 'A session id has 1-128 characters: letters, digits and - _ . : only.')

export const experimentNameSchema = z
  .string()
  .trim()
  .min(1, 'An experiment name must not be empty; leave it out to use the default.')
  .max(200, 'An experiment name has at most 200 characters.')

/** How a run is tagged: automatically, by hand, or not at all. */
export const tagOptionsSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('auto'), experimentName: experimentNameSchema.optional() }),
  z.object({ mode: z.literal('manual'), sessionId: sessionIdSchema, experimentName: experimentNameSchema.optional() }),
  z.object({ mode: z.literal('none') }),
])
export type TagOptions = z.infer<typeof tagOptionsSchema>

export interface SessionTag {
  sessionId: string | null
  experimentName: string | null
}

const maxModelSlugLength = 20

/** The model's name as it stands in tags: lower-cased, unsafe characters as `-`, at most 20 characters. */
export function modelSlug(model: ModelRef): string {
  const name = splitModelRef(model).model.toLowerCase()
  return name.replaceAll(/[^a-z0-9\-_.]/g, '-').slice(0, maxModelSlugLength)
}

/** `batch-{model}-{YYYYMMDD}-{HHmmss}` in UTC. */
export function automaticSessionId(model: ModelRef, now: Date): string {
  const [day, time] = now.toISOString().split('T') as [string, string]
  return `batch-${modelSlug(model)}-${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`
}

/** `batch-testing-{model}` */
export function defaultExperimentName(model: ModelRef): string {
  return `batch-testing-${modelSlug(model)}`
}

/**
 * The tag of a run. Pure and shared, so that the page's preview and the server agree.
 *
 * An automatic id that is taken gets `-2`, `-3`, ...; a manual id is used as it is, since adding a run
 * to an existing session is a thing that users do on purpose.
 *
 * @param isTaken whether a session id is already in use
 */
export function makeSessionTag(
  options: TagOptions,
  model: ModelRef,
  now: Date,
  isTaken: (sessionId: string) => boolean,
): SessionTag {
  if (options.mode === 'none') return { sessionId: null, experimentName: null }
  const experimentName = options.experimentName ?? defaultExperimentName(model)
  if (options.mode === 'manual') return { sessionId: options.sessionId, experimentName }
  const base = automaticSessionId(model, now)
  let sessionId = base
  for (let suffix = 2; isTaken(sessionId); suffix++) sessionId = `${base}-${suffix}`
  return { sessionId, experimentName }
}
