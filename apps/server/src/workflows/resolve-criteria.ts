import {
  criterionChoiceId,
  type Criterion,
  type CriterionChoice,
  type JudgeOptions,
  type JudgeSettings,
  type SavedCriterion,
} from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import { builtInCriteria } from '../domain/judge/criteria.ts'
import type { CriterionStore } from '../domain/ports.ts'

/** Every criterion that can be chosen by its id: the built-in ones, then the user's. */
export async function listCriteria(criteria: CriterionStore, archived: boolean): Promise<SavedCriterion[]> {
  const saved = await criteria.list(archived)
  if (archived) return saved
  return [...builtInCriteria.map((entry) => ({ ...entry, builtIn: true, archivedAt: null })), ...saved]
}

/** Replaces the ids of criteria by the criteria. */
export async function resolveJudge(criteria: CriterionStore, options: JudgeOptions): Promise<JudgeSettings> {
  return { ...options, criteria: await resolveCriteria(criteria, options.criteria, 'judge.criteria') }
}

/** @throws UserError for an id that is neither built in nor saved */
export async function resolveCriteria(
  criteria: CriterionStore,
  choices: readonly CriterionChoice[],
  field: string,
): Promise<Criterion[]> {
  const known = await listCriteria(criteria, false)
  return choices.map((choice, index) => {
    if (typeof choice !== 'string') return choice
    const found = known.find((entry) => entry.id === choice)
    if (found) return { id: found.id, name: found.name, description: found.description, anchors: found.anchors }
    throw new UserError('invalid-input', {
      field: `${field}.${index}`,
      message: `There is no criterion "${criterionChoiceId(choice)}".`,
      mend: `Use one of ${known.map((entry) => entry.id).join(', ')}, or define your own with name, description and anchors.`,
    })
  })
}
