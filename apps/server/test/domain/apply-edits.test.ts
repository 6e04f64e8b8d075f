import { suiteCaseInputSchema, type SuiteCase } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '../../src/domain/suites/apply-edits.ts'

const make = (id: string, prompt = id): SuiteCase => suiteCaseInputSchema.parse({ id, prompt })
const cases = ['a', 'b', 'c'].map((id) => make(id))

describe('edits of a suite', () => {
  it('changes in place, removes, and adds at the end', () => {
    const edited = applyEdits(cases, {
      upserts: [
        { originalId: null, case: make('d') },
        { originalId: 'b', case: make('b2', 'better') },
      ],
      removes: ['a'],
    })
    expect(edited).toEqual([make('b2', 'better'), make('c'), make('d')])
    expect(applyEdits(cases, { upserts: [], removes: [] })).toEqual(cases)
  })

  it('lets two cases swap their ids', () => {
    const edited = applyEdits(cases, {
      upserts: [
        { originalId: 'a', case: make('b') },
        { originalId: 'b', case: make('a') },
      ],
      removes: [],
    })
    expect(edited.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  })

  it('refuses to change or remove what is not there, naming the place', () => {
    const unknown = { originalId: 'nobody', case: make('x') }
    expect(() => applyEdits(cases, { upserts: [unknown], removes: [] })).toThrow('no case "nobody"')
    expect(() => applyEdits(cases, { upserts: [], removes: ['nobody'] })).toThrow('no case "nobody"')
  })
})
