import { suiteCaseInputSchema, type SuiteCase } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { caseForm, readCase } from '../src/features/suites/case-form.ts'
import {
  addCase,
  changeCount,
  draftRows,
  emptyDraft,
  freeId,
  putCase,
  removeCase,
  restoreCase,
  toEdits,
} from '../src/features/suites/draft.ts'

const make = (id: string, prompt = `Prompt of ${id}`): SuiteCase => suiteCaseInputSchema.parse({ id, prompt })
const saved = [make('a'), make('b'), make('c')]
const shown = (draft: typeof emptyDraft) => draftRows(saved, draft).map(({ entry, state }) => `${entry.id} ${state}`)

describe('draft of a suite', () => {
  it('keeps places, marks what changed, and adds at the end', () => {
    let draft = putCase(emptyDraft, saved, 'b', make('b2', 'New words'))
    draft = removeCase(draft, 'c')
    draft = addCase(draft, make('d')).draft
    expect(shown(draft)).toEqual(['a saved', 'b2 changed', 'c removed', 'd new'])
    expect(changeCount(draft)).toBe(3)
    expect(toEdits(draft)).toEqual({
      upserts: [
        { originalId: 'b', case: make('b2', 'New words') },
        { originalId: null, case: make('d') },
      ],
      removes: ['c'],
    })
  })

  it('has no change left when a case is as it was, taken back, or was never saved', () => {
    const changed = putCase(emptyDraft, saved, 'a', make('a', 'Other'))
    expect(changeCount(putCase(changed, saved, 'a', make('a')))).toBe(0)
    expect(changeCount(restoreCase(removeCase(emptyDraft, 'b'), 'b'))).toBe(0)
    const added = addCase(emptyDraft, make('x'))
    expect(changeCount(removeCase(added.draft, added.key))).toBe(0)
  })

  it('a case that is changed and then removed is only removed', () => {
    const draft = removeCase(putCase(emptyDraft, saved, 'a', make('a', 'Other')), 'a')
    expect(toEdits(draft)).toEqual({ upserts: [], removes: ['a'] })
    expect(shown(restoreCase(draft, 'a'))[0]).toBe('a changed')
  })

  it('edits a new case in its place', () => {
    const first = addCase(emptyDraft, make('x'))
    const second = addCase(first.draft, make('y'))
    const draft = putCase(second.draft, saved, first.key, make('x', 'Better'))
    expect(toEdits(draft).upserts.map(({ case: entry }) => entry.turns?.[0])).toEqual(['Better', 'Prompt of y'])
  })

  it('finds an id that nobody has', () => {
    const rows = draftRows([make('a'), make('a-2')], emptyDraft)
    expect(freeId(rows, 'a')).toBe('a-3')
    expect(freeId(rows, 'b')).toBe('b')
  })
})

describe('form of a case', () => {
  it('reads back what it shows', () => {
    const entry = suiteCaseInputSchema.parse({
      id: 'full',
      turns: ['One?', 'Two?'],
      expected: 'Three',
      notes: 'Kind',
      system: 'Be brief.',
      group: 'g',
      tags: ['t'],
      validators: [{ type: 'contains', value: 'x' }],
    })
    expect(readCase(caseForm(entry), new Set())).toEqual({ ok: true, entry })
    expect(readCase(caseForm(make('plain')), new Set())).toEqual({ ok: true, entry: make('plain') })
  })

  it('names what is wrong by its field', () => {
    const form = { ...caseForm(make('a')), turns: ['fine', ''], validators: '[{"type": "contains"}]' }
    const read = readCase(form, new Set(['a']))
    expect(read.ok).toBe(false)
    if (read.ok) return
    expect([...read.errors.keys()].toSorted()).toEqual(['id', 'turns.1', 'validators'])
    const notJson = readCase({ ...form, validators: '[' }, new Set())
    expect(!notJson.ok && notJson.errors.get('validators')).toContain('not JSON')
  })
})
