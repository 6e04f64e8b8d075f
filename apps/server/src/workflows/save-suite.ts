import type { CreateSuiteInput, CreateSuiteResult } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { SuiteStore } from '../domain/ports.ts'
import { findValidatorProblem } from '../domain/validators/run-validators.ts'

/**
 * Saves a suite, or a new version of it, once every validator is known to work.
 * @throws UserError naming the case and validator that cannot be used
 */
export async function saveSuite(suites: SuiteStore, input: CreateSuiteInput): Promise<CreateSuiteResult> {
  input.cases.forEach((entry, caseIndex) => {
    entry.validators.forEach((validator, index) => {
      const problem = findValidatorProblem(validator)
      if (problem)
        throw new UserError('invalid-input', {
          field: `cases.${caseIndex}.validators.${index}`,
          message: `Case "${entry.id}": ${problem}`,
          mend: `Correct the ${validator.type} validator of this case.`,
        })
    })
  })
  return suites.save(input)
}
