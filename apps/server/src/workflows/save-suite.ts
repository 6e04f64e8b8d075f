import {
  createSuiteInputSchema,
  type CreateSuiteInput,
  type CreateSuiteResult,
  type EditSuiteInput,
} from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { SuiteStore } from '../domain/ports.ts'
import { applyEdits } from '../domain/suites/apply-edits.ts'
import { findValidatorProblem } from '../domain/validators/run-validators.ts'
import { allCases } from './all-cases.ts'
import { mustFindNewest } from './must-find.ts'

/**
 * Saves a suite, or a new version of it, once every validator is known to work.
 * @throws UserError naming the case and validator that cannot be used
 */
export async function saveSuite(suites: SuiteStore, input: CreateSuiteInput): Promise<CreateSuiteResult> {
  checkValidators(input)
  return suites.save(input)
}

/** Makes the next version of a suite out of the newest one and what changed in it. */
export async function editSuite(suites: SuiteStore, edits: EditSuiteInput): Promise<CreateSuiteResult> {
  const newest = await mustFindNewest(suites, edits.suiteId, 'suiteId')
  if (newest.version === edits.expectedVersion) {
    const cases = applyEdits(await allCases(suites, newest.versionId), edits)
    const parsed = createSuiteInputSchema.shape.cases.safeParse(cases.map(({ turns, ...rest }) => ({ ...rest, turns })))
    if (!parsed.success) throw asUserError(parsed.error.issues[0])
    const input = { name: newest.name, description: newest.description, cases }
    checkValidators(input)
    const saved = await suites.saveNext(input, edits.expectedVersion)
    if (saved) return saved
  }
  throw new UserError('conflict', {
    field: 'expectedVersion',
    message: `Somebody saved another version of ${newest.name} meanwhile.`,
    mend: 'Open the newest version and make the changes there.',
  })
}

function asUserError(issue: { path: PropertyKey[]; message: string } | undefined): UserError {
  return new UserError('invalid-input', {
    field: ['cases', ...(issue?.path ?? [])].map(String).join('.'),
    message: issue?.message ?? 'The cases do not make a suite.',
    mend: 'Correct the case and save again.',
  })
}

function checkValidators(input: CreateSuiteInput): void {
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
}
