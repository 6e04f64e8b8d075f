import {
  automaticSessionId,
  makeSessionTag,
  runsOfModels,
  type CreateRunInput,
  type CreateRunResult,
  type CreateRunsInput,
  type CreateRunsResult,
} from '@proctor/schema'
import type { JudgeSettings } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { Clock, CriterionStore, NewId, SessionStore, SuiteStore } from '../domain/ports.ts'
import type { RunStore } from '../domain/run-ports.ts'
import { resolveJudge } from './resolve-criteria.ts'
import { checkModelIsOffered } from './list-models.ts'
import { mustFindSuite } from './must-find.ts'
import type { ModelGateway } from './model-gateway.ts'

export interface CreateRunDeps {
  runs: RunStore
  suites: SuiteStore
  criteria: CriterionStore
  sessions: SessionStore
  gateway: ModelGateway
  clock: Clock
  newId: NewId
}

/**
 * Checks everything that can be known before, then writes the run and the job that starts it.
 * @throws UserError naming the field, before anything is written or paid
 */
export async function createRun(deps: CreateRunDeps, input: CreateRunInput): Promise<CreateRunResult> {
  return writeRun(deps, input, await checkRun(deps, input, 'model'))
}

/** A run for each model. Nothing is written before all of them are found to be in order. */
export async function createRuns(deps: CreateRunDeps, input: CreateRunsInput): Promise<CreateRunsResult> {
  const inputs = runsOfModels(input)
  const judges = await Promise.all(inputs.map((run, index) => checkRun(deps, run, `models.${index}`)))
  const runs: CreateRunResult[] = []
  for (const [index, run] of inputs.entries())
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that they stand in the order of the models
    runs.push(await writeRun(deps, run, judges[index] ?? null))
  return { runs }
}

/** The judge of the run, with its criteria spelled out. */
async function checkRun(
  { suites, gateway, criteria }: CreateRunDeps,
  input: CreateRunInput,
  modelField: string,
): Promise<JudgeSettings | null> {
  await mustFindSuite(suites, input.suiteVersionId)
  await checkModelIsOffered(gateway, input.model, modelField)
  const judge = input.judge && (await resolveJudge(criteria, input.judge))
  if (judge) await checkModelIsOffered(gateway, judge.model, 'judge.model')
  if (input.budgetMicros !== null)
    await checkPricesAreKnown(gateway, [
      [modelField, input.model],
      ...(judge ? [['judge.model', judge.model] as const] : []),
    ])
  return judge
}

async function writeRun(
  { runs, sessions, clock, newId }: CreateRunDeps,
  input: CreateRunInput,
  judge: JudgeSettings | null,
): Promise<CreateRunResult> {
  const { tag: tagOptions, ...settings } = input
  const now = clock.now()
  const isNewSession = tagOptions.mode === 'auto'
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- again only when somebody else took the id meanwhile
    const taken = await sessions.takenSessionIds(automaticSessionId(input.model, now))
    const tag = makeSessionTag(tagOptions, input.model, now, (sessionId) => taken.has(sessionId))
    const run = { ...settings, ...tag, id: newId(), conversationId: newId(), judge, isNewSession }
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (await runs.create(run)) return { runId: run.id, ...tag }
  }
}

async function checkPricesAreKnown(
  gateway: ModelGateway,
  models: readonly (readonly [field: string, ref: string])[],
): Promise<void> {
  const prices = await gateway.prices()
  for (const [field, ref] of models)
    if (!prices.has(ref))
      throw new UserError('unknown-price', {
        field,
        message: `A budget cannot be kept: no price is known for ${ref}.`,
        mend: 'Add a price for the model, or start the run without a budget.',
      })
}
