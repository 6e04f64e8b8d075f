import type { ItemSort, ObserverStep, Proposal } from '@proctor/schema'
import { UserError } from '../../domain/errors.ts'
import { compareRuns } from '../../domain/observer/compare-runs.ts'
import type { OtherRun, RunFacts, RunFactsStore } from '../../domain/observer/facts.ts'
import { describeStep, type ToolOutputs } from '../../domain/observer/outputs.ts'
import * as present from '../../domain/observer/present.ts'
import { isToolName, readToolInput, type ToolInput, type ToolName } from '../../domain/observer/tools.ts'
import type { Clock } from '../../domain/ports.ts'
import type { RunStore } from '../../domain/run-ports.ts'

export interface ToolDeps {
  facts: RunFactsStore
  runs: Pick<RunStore, 'listItems'>
  clock: Pick<Clock, 'now'>
}

/** What a look came to: a step to show and to remember, and a button if it proposed something. */
export interface Looked<Name extends ToolName = ToolName> {
  step: ObserverStep
  output: ToolOutputs[Name] | null
  proposal: Proposal | null
}

const finalStatuses = new Set(['completed', 'cancelled', 'failed'])
const shownErrorGroups = 6

/**
 * Runs one tool, whatever it was called with: a wrong name, wrong arguments and a look that fails become a
 * step with an error that the model can read. Only a fault of ours is thrown.
 */
export async function useTool(deps: ToolDeps, runId: string, name: string, given: unknown): Promise<Looked> {
  const failed = (error: string): Looked => ({
    step: {
      tool: name.slice(0, 60),
      arguments: toJson(given),
      label: `could not use ${name.slice(0, 60)}`,
      result: null,
      error,
    },
    output: null,
    proposal: null,
  })
  if (!isToolName(name)) return failed(`There is no tool ${name.slice(0, 60)}.`)
  const read = readToolInput(name, given)
  if (!read.ok) return failed(read.problem)
  try {
    const { output, proposal } = await run(deps, runId, name, read.input)
    const label = describeStep(name, read.input, output)
    return {
      step: { tool: name, arguments: toJson(read.input), label, result: toJson(output), error: null },
      output,
      proposal,
    }
  } catch (error) {
    if (error instanceof UserError) return failed(`${error.message} ${error.mend}`)
    throw error
  }
}

interface Ran {
  output: ToolOutputs[ToolName]
  proposal: Proposal | null
}

async function run(deps: ToolDeps, runId: string, name: ToolName, input: unknown): Promise<Ran> {
  if (name === 'propose') return propose(deps, runId, input as ToolInput<'propose'>)
  const reader = readers[name] as (deps: ToolDeps, runId: string, input: unknown) => Promise<ToolOutputs[ToolName]>
  return { output: await reader(deps, runId, input), proposal: null }
}

type ReaderName = Exclude<ToolName, 'propose'>

const readers: {
  [Name in ReaderName]: (deps: ToolDeps, runId: string, input: ToolInput<Name>) => Promise<ToolOutputs[Name]>
} = {
  run_state: async ({ facts, clock }, runId) => present.presentState(await mustRead(facts, runId), clock.now()),

  async list_items({ facts, runs }, runId, { sort, criterion, limit, ...filter }) {
    const page = await runs.listItems({ runId, ...filter, limit, ...toSort(sort, criterion) })
    return present.presentItems(await facts.countItems(runId, filter), page.items)
  },

  async changed_items({ facts }, runId, { criterion, direction, session, limit }) {
    const other = await findOther(facts, runId, session)
    return present.presentChanges(other, criterion, await facts.changes(runId, other.id, criterion, direction, limit))
  },

  async get_item({ facts }, runId, { number }) {
    const whole = await facts.itemAt(runId, number - 1)
    if (!whole) throw wrong('number', `The run has no item ${number}.`, 'Items are numbered from 1.')
    return present.presentItem(whole)
  },

  error_groups: async ({ facts }, runId) => present.presentErrors(await facts.errors(runId, shownErrorGroups)),

  score_distribution: async ({ facts }, runId, { criterion }) =>
    present.presentSpread(criterion, await facts.spread(runId, criterion)),

  check_breakdown: async ({ facts }, runId, { by }) => present.presentChecks(by, await facts.checks(runId, by)),

  async compare({ facts }, runId, { session }) {
    const other = await findOther(facts, runId, session)
    const state = await mustRead(facts, runId)
    return compareWithOther(facts, state, other)
  },

  async search_texts({ facts }, runId, { text, in: where, limit }) {
    const { total, hits } = await facts.search(runId, text, where, limit)
    return present.presentHits(total, hits)
  },
}

/** Makes a button; nothing happens to the run. */
async function propose(
  { facts }: ToolDeps,
  runId: string,
  { action, failureKind, items }: ToolInput<'propose'>,
): Promise<{ output: ToolOutputs['propose']; proposal: Proposal }> {
  const { run: state, failures } = await mustRead(facts, runId)
  const shown = (words: string, count?: number) => ({ shown: words, count })
  if (action === 'pause') {
    if (state.status !== 'running') throw wrong('action', `The run is ${state.status}: there is nothing to pause.`, '')
    return { output: shown('pause the run'), proposal: { action } }
  }
  if (action === 'resume') {
    if (state.status !== 'paused') throw wrong('action', `The run is ${state.status}, not paused.`, '')
    return { output: shown('resume the run'), proposal: { action } }
  }
  if (action === 'retry') {
    const failed = failures.filter(({ stage }) => stage === 'answer')
    const fitting = failureKind === undefined ? failed : failed.filter(({ kind }) => kind === failureKind)
    const count = fitting.reduce((sum, group) => sum + group.count, 0)
    if (count === 0) throw wrong('failureKind', 'No failed item fits.', 'Look at error_groups first.')
    if (state.status === 'cancelled') throw wrong('action', 'The run was cancelled and cannot go on.', '')
    return {
      output: shown(`retry the ${failureKind ?? 'failed'} items`, count),
      proposal: { action, kind: failureKind ?? null, count },
    }
  }
  const cited = await facts.cite(runId, items ?? [])
  const answered = cited.filter(({ messageId }) => messageId !== null)
  if (answered.length === 0)
    throw wrong('items', 'None of these items has an answer to judge.', 'Name items by number.')
  if (!state.judge) throw wrong('action', 'The run has no judge.', 'The user can choose one with Judge now.')
  return { output: shown('judge these again', answered.length), proposal: { action, items: answered } }
}

/** Scores per criterion against another run; for each criterion that both have. */
export async function compareWithOther(
  facts: RunFactsStore,
  { run: state, sums }: RunFacts,
  other: OtherRun,
): Promise<ToolOutputs['compare']> {
  const criteria = [...new Set(sums.filter(({ n }) => n > 0).map(({ criterion }) => criterion))]
  const scores = await Promise.all(
    criteria.map(async (criterion) => ({
      criterion,
      baseline: await facts.caseScores(other.id, criterion),
      candidate: await facts.caseScores(state.id, criterion),
    })),
  )
  const shared = scores.filter(({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0)
  return compareRuns(other, shared, !finalStatuses.has(state.status))
}

export async function mustRead(facts: RunFactsStore, runId: string): Promise<RunFacts> {
  const state = await facts.read(runId)
  if (state) return state
  throw new UserError('not-found', {
    field: 'runId',
    message: 'There is no such run.',
    mend: 'Check the id; the list of runs shows those that exist.',
  })
}

async function findOther(facts: RunFactsStore, runId: string, session: string | undefined): Promise<OtherRun> {
  if (session === undefined) {
    const { baseline } = await mustRead(facts, runId)
    if (baseline) return baseline
    throw wrong('session', 'There is no baseline: no earlier run of this suite is complete.', 'Name a session.')
  }
  const found = await facts.findRun(session)
  if (found && found.id !== runId) return found
  throw wrong('session', `There is no other run with the session ${session}.`, 'Check the name of the session.')
}

function toSort(sort: ToolInput<'list_items'>['sort'], criterion: string | undefined): { sort?: ItemSort } {
  const by = (key: ItemSort['by'], descending: boolean): { sort: ItemSort } => ({ sort: { by: key, descending } })
  switch (sort) {
    case 'slowest':
      return by('latency', true)
    case 'dearest':
      return by('cost', true)
    case 'longest':
      return by('tokens', true)
    case 'lowest':
    case 'highest':
      if (criterion === undefined) throw wrong('criterion', `Sorting by ${sort} needs a criterion.`, 'Name one.')
      return { sort: { by: 'score', criterion, descending: sort === 'highest' } }
    default:
      return {}
  }
}

function wrong(field: string, message: string, mend: string): UserError {
  return new UserError('invalid-input', { field, message, mend })
}

/** As it is stored and sent: what is undefined falls away. */
function toJson(value: unknown): ObserverStep['result'] {
  return JSON.parse(JSON.stringify(value ?? null)) as ObserverStep['result']
}
