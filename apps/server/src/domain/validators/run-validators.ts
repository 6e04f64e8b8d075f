import type { Validator, ValidatorResult, ValidatorType } from '@proctor/schema'
import { checkJsonSchema, findSchemaProblem } from './json-schema.ts'
import { checkNumeric } from './numeric.ts'
import { checkRegex, findRegexProblem } from './regex.ts'
import { checkContains, checkEquals, checkMaxWords, checkNotContains } from './text.ts'

/** A check of one type: null when the answer passes, otherwise what is wrong with it. */
export type Check<V extends Validator> = (answer: string, validator: V) => string | null

type Checks = { [T in ValidatorType]: Check<Extract<Validator, { type: T }>> }

/** The catalogue: a further validator is one more line here and its schema in packages/schema. */
const checks: Checks = {
  equals: checkEquals,
  contains: checkContains,
  'not-contains': checkNotContains,
  regex: checkRegex,
  'json-schema': checkJsonSchema,
  numeric: checkNumeric,
  'max-words': checkMaxWords,
}

/** Runs a case's validators on an answer, in order. */
export function runValidators(answer: string, validators: readonly Validator[]): ValidatorResult[] {
  return validators.map((validator) => {
    const check = checks[validator.type] as Check<Validator>
    const explanation = check(answer, validator)
    return { validator, passed: explanation === null, explanation }
  })
}

/** What makes a validator unusable (a pattern or schema that does not compile), or null. */
export function findValidatorProblem(validator: Validator): string | null {
  if (validator.type === 'regex') return findRegexProblem(validator)
  if (validator.type === 'json-schema') return findSchemaProblem(validator)
  return null
}
