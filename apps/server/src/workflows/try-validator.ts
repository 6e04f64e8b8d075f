import type { TryValidatorInput, ValidatorResult } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import { findValidatorProblem, runValidators } from '../domain/validators/run-validators.ts'

/** Runs one validator on a pasted answer. */
export function tryValidator({ validator, answer }: TryValidatorInput): ValidatorResult {
  const problem = findValidatorProblem(validator)
  const [result] = problem === null ? runValidators(answer, [validator]) : []
  if (result) return result
  throw new UserError('invalid-input', {
    field: 'validator',
    message: problem ?? 'The validator cannot be run.',
    mend: 'Correct the validator.',
  })
}
