import type { FailureKind, JudgeRunInput, RunActionResult, RunStatus } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { CriterionStore } from '../domain/ports.ts'
import type { RunStore } from '../domain/run-ports.ts'
import { resolveJudge } from './resolve-criteria.ts'
import { checkModelIsOffered } from './list-models.ts'
import { mustFindRun } from './must-find.ts'
import type { ModelGateway } from './model-gateway.ts'

/** What a person can do to a run. Each refuses with a conflict where the run's status does not allow it. */

/** Calls in flight end by themselves; then the run is paused. */
export async function pauseRun(runs: RunStore, runId: string): Promise<RunActionResult> {
  const { status } = await mustFindRun(runs, runId)
  // Nobody drives a queued run: it can stop at once.
  const to = status === 'queued' ? 'paused' : 'pausing'
  return transition(runs, runId, 'pause', { from: [status === 'queued' ? 'queued' : 'running'], to, reason: 'user' })
}

/**
 * Lets a paused run go on.
 * @param budgetMicros a new cap; null lifts it, undefined keeps it
 */
export async function resumeRun(
  runs: RunStore,
  runId: string,
  budgetMicros: number | null | undefined,
): Promise<RunActionResult> {
  const run = await mustFindRun(runs, runId)
  const { answersMicros, judgingMicros } = run.progress.cost
  const cap = budgetMicros === undefined ? run.budgetMicros : budgetMicros
  if (cap !== null && cap <= answersMicros + judgingMicros)
    throw new UserError('invalid-input', {
      field: 'budgetMicros',
      message: `The run has spent ${answersMicros + judgingMicros} micro-dollars; a cap of ${cap} leaves no room.`,
      mend: 'Give a higher `budgetMicros`, or null for no cap.',
    })
  return transition(runs, runId, 'resume', {
    from: ['paused'],
    to: 'queued',
    reason: null,
    ...(budgetMicros === undefined ? {} : { budgetMicros }),
  })
}

/** Calls in flight are stopped and their items stay pending. A cancelled run does not start again. */
export async function cancelRun(runs: RunStore, runId: string): Promise<RunActionResult> {
  await mustFindRun(runs, runId)
  return transition(runs, runId, 'cancel', {
    from: ['queued', 'running', 'pausing', 'paused'],
    to: 'cancelled',
    reason: 'user',
  })
}

/** Failed answers and failed judgments go back to work; with a kind, only the answers that failed in this way. */
export async function retryFailed(runs: RunStore, runId: string, kind: FailureKind | null): Promise<RunActionResult> {
  const { status } = await mustFindRun(runs, runId)
  refuseCancelled(status, 'retry its failed items')
  const affectedItems = await runs.retryFailed(runId, kind)
  return { status: (await mustFindRun(runs, runId)).status, affectedItems }
}

/** Lets a judge score the answers that are there. */
export async function judgeRun(
  deps: { runs: RunStore; criteria: CriterionStore; gateway: ModelGateway },
  { runId, judge, scope }: JudgeRunInput,
): Promise<RunActionResult> {
  const { status } = await mustFindRun(deps.runs, runId)
  refuseCancelled(status, 'judge it')
  const settings = await resolveJudge(deps.criteria, { ...judge, when: 'live' })
  await checkModelIsOffered(deps.gateway, settings.model, 'judge.model')
  const affectedItems = await deps.runs.requestJudging(runId, settings, scope)
  return { status: (await mustFindRun(deps.runs, runId)).status, affectedItems }
}

async function transition(
  runs: RunStore,
  runId: string,
  verb: string,
  change: { from: RunStatus[]; to: RunStatus; reason: 'user' | null; budgetMicros?: number | null },
): Promise<RunActionResult> {
  const enqueue = change.to === 'queued'
  const { status, moved } = await runs.transition(runId, { ...change, message: null, enqueue })
  if (moved) return { status, affectedItems: 0 }
  throw new UserError('conflict', {
    field: 'runId',
    message: `Cannot ${verb} a run that is ${status}.`,
    mend: `A run can be ${verb === 'cancel' ? 'cancelled' : `${verb}d`} while it is ${change.from.join(' or ')}.`,
  })
}

function refuseCancelled(status: RunStatus, verb: string): void {
  if (status === 'cancelled')
    throw new UserError('conflict', {
      field: 'runId',
      message: `The run was cancelled; Proctor cannot ${verb}.`,
      mend: 'Clone the run to start it afresh.',
    })
}
