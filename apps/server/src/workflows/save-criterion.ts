import type { Criterion, SavedCriterion } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import { builtInCriteria } from '../domain/judge/criteria.ts'
import type { CriterionStore } from '../domain/ports.ts'

/** Saves a criterion of the user's own; the built-in ones stay what they are, so that scores can be compared. */
export async function saveCriterion(criteria: CriterionStore, criterion: Criterion): Promise<SavedCriterion> {
  if (builtInCriteria.some(({ id }) => id === criterion.id))
    throw new UserError('conflict', {
      field: 'id',
      message: `"${criterion.id}" is a built-in criterion.`,
      mend: 'Give your own another id.',
    })
  return criteria.save(criterion)
}

/** Puts a criterion away, or takes it out again. */
export async function archiveCriterion(criteria: CriterionStore, id: string, archived: boolean): Promise<void> {
  if (await criteria.setArchived(id, archived)) return
  throw new UserError('not-found', {
    field: 'id',
    message: `There is no criterion "${id}" of your own.`,
    mend: 'Check the id; the settings list your criteria.',
  })
}
