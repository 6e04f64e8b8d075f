import { validatorCatalogue, validatorSchema, validatorTypeSchema } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { runValidators } from '../../src/domain/validators/run-validators.ts'

describe('the catalogue of validators', () => {
  it('has every kind once', () => {
    expect(validatorCatalogue.map(({ type }) => type).toSorted()).toEqual(validatorTypeSchema.options.toSorted())
  })

  it.each(validatorCatalogue)(
    '$type: its example is valid, and the answer shown passes it',
    ({ type, example, passes }) => {
      expect(validatorSchema.parse(example)).toEqual(example)
      expect(example.type).toBe(type)
      expect(runValidators(passes, [example])).toMatchObject([{ passed: true }])
      expect(runValidators('As an AI, 7 '.repeat(40), [example])).toMatchObject([{ passed: false }])
    },
  )
})
