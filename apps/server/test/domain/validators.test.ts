import { validatorSchema, type Validator } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { findValidatorProblem, runValidators } from '../../src/domain/validators/run-validators.ts'

const make = (validator: object): Validator => validatorSchema.parse(validator)
const passes = (answer: string, validator: object) => runValidators(answer, [make(validator)])[0]?.passed

describe('validators', () => {
  it.each([
    [' Paris \n', { type: 'equals', value: 'Paris' }, true],
    ['paris', { type: 'equals', value: 'Paris' }, false],
    ['paris', { type: 'equals', value: 'Paris', ignoreCase: true }, true],
    ['In Paris.', { type: 'contains', value: 'Paris' }, true],
    ['In PARIS.', { type: 'contains', value: 'Paris', ignoreCase: true }, true],
    ['In Rome.', { type: 'not-contains', value: 'Paris' }, true],
    ['In Paris.', { type: 'not-contains', value: 'Paris' }, false],
    ['order 1234', { type: 'regex', pattern: String.raw`\b\d{4}\b` }, true],
    ['ORDER', { type: 'regex', pattern: '^order$', flags: 'i' }, true],
    ['one two  three', { type: 'max-words', value: 3 }, true],
    ['one two three four', { type: 'max-words', value: 3 }, false],
    ['', { type: 'max-words', value: 1 }, true],
  ])('%j against %j: %s', (answer, validator, expected) => {
    expect(passes(answer, validator)).toBe(expected)
  })

  it.each([
    ['The answer is 42.', 42, true],
    ['#### 1,234', 1234, true],
    ['It was 7, then 1,234.50 dollars', 1234.5, true],
    ['Between 4-5', 5, true],
    ['It fell to -3', -3, true],
    ['It fell to −3', -3, true],
    ['There are 10 in 2024', 10, false],
    ['none', 1, false],
    ['', 0, false],
  ])('numeric takes the last number of %j: %d %s', (answer, value, expected) => {
    expect(passes(answer, { type: 'numeric', value })).toBe(expected)
  })

  it('allows a tolerance', () => {
    expect(passes('about 3.14', { type: 'numeric', value: 3.14159, tolerance: 0.01 })).toBe(true)
  })

  it('checks JSON against a schema, with or without a code fence, and says what does not fit', () => {
    const schema = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } }
    expect(passes('{"a": 1}', { type: 'json-schema', schema })).toBe(true)
    expect(passes('```json\n{"a": 1}\n```', { type: 'json-schema', schema })).toBe(true)
    expect(runValidators('{"a": "1"}', [make({ type: 'json-schema', schema })])[0]?.explanation).toContain(
      'must be integer',
    )
    expect(passes('a: 1', { type: 'json-schema', schema })).toBe(false)
  })

  it('stops a pattern that backtracks without end', () => {
    const [result] = runValidators(`${'a'.repeat(40)}!`, [make({ type: 'regex', pattern: '^(a+)+$' })])
    expect(result?.passed).toBe(false)
    expect(result?.explanation).toContain('simplify the pattern')
  })

  it('finds patterns and schemas that do not compile', () => {
    expect(findValidatorProblem(make({ type: 'regex', pattern: '(' }))).toContain('does not compile')
    expect(findValidatorProblem(make({ type: 'json-schema', schema: { type: 'nonsense' } }))).toContain(
      'does not compile',
    )
    expect(findValidatorProblem(make({ type: 'contains', value: 'x' }))).toBeNull()
  })
})
