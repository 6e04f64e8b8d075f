import type { Item, ItemSort } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { freeze, waitingRows, waitingText } from '../src/features/run/freeze-rows.ts'
import {
  casesPart,
  fits,
  isFiltering,
  noFilter,
  toFilterInput,
  type ItemFilter,
} from '../src/features/run/item-filter.ts'
import { nextSort, sortItems } from '../src/features/run/item-sort.ts'
import { wantedIds } from '../src/features/run/use-run-rows.ts'

const item = (position: number, changes: Partial<Item> = {}): Item => ({
  id: `i${position}`,
  position,
  caseId: `case-${position}`,
  repeat: 1,
  state: 'judged',
  judgeWanted: true,
  promptPreview: 'A question',
  answerPreview: 'An answer',
  messageId: null,
  attempts: 1,
  latencyMs: null,
  timeToFirstTokenMs: null,
  inputTokens: null,
  outputTokens: null,
  costMicros: null,
  validators: { passed: 0, total: 0 },
  scores: [],
  failure: null,
  seq: 1,
  ...changes,
})
const scored = (score: number) => [{ criterion: 'clarity', score, passed: true }]
const nothingFound = { text: null, cases: null }
const positions = (items: readonly Item[]) => items.map(({ position }) => position)

describe('the filter of the table', () => {
  const fit = (changes: Partial<ItemFilter>, row: Item, found = nothingFound as Parameters<typeof fits>[2]) =>
    fits(row, { ...noFilter, ...changes }, found)

  it('compares scores in whole points, and rows without a score fit no range', () => {
    const upTo6 = { scores: [{ criterion: 'clarity', max: 6 }] }
    expect(fit(upTo6, item(0, { scores: scored(6.5) }))).toBe(true)
    expect(fit(upTo6, item(0, { scores: scored(7) }))).toBe(false)
    expect(fit(upTo6, item(0))).toBe(false)
    expect(fit({ scores: [{ criterion: 'clarity' }] }, item(0))).toBe(false)
    const both = { scores: [{ criterion: 'clarity', min: 5 }, { criterion: 'safety' }] }
    expect(fit(both, item(0, { scores: scored(9) }))).toBe(false)
  })

  it('adds what the server found in whole texts to what the row shows', () => {
    expect(fit({ text: 'ANSWER' }, item(0))).toBe(true)
    expect(fit({ text: 'needle' }, item(0))).toBe(false)
    expect(fit({ text: 'needle' }, item(0), { text: new Set([0]), cases: null })).toBe(true)
    expect(fit({ text: 'needle', state: ['failed'] }, item(0), { text: new Set([0]), cases: null })).toBe(false)
  })

  it('takes tags, groups and types of checks from the server alone', () => {
    expect(fit({ tag: 'a' }, item(0))).toBe(false)
    expect(fit({ tag: 'a' }, item(0), { text: null, cases: new Set([0]) })).toBe(true)
    expect(fit({ check: 'regex' }, item(0, { validators: { passed: 0, total: 1 } }))).toBe(false)
    expect(fit({ check: 'any' }, item(0, { validators: { passed: 0, total: 1 } }))).toBe(true)
    expect(fit({ check: 'any' }, item(0, { validators: { passed: 1, total: 1 } }))).toBe(false)
    expect(casesPart({ ...noFilter, check: 'any' })).toBeNull()
    expect(casesPart({ ...noFilter, check: 'any', tag: 'a' })).toEqual({ tag: 'a' })
  })

  it('sends the server every part that is set, and nothing else', () => {
    expect(toFilterInput(noFilter)).toEqual({})
    expect(toFilterInput({ ...noFilter, check: 'any', text: 'x', kind: 'timeout', state: ['failed'] })).toEqual({
      failedCheck: 'any',
      text: 'x',
      failureKind: 'timeout',
      state: ['failed'],
    })
    expect(isFiltering(noFilter)).toBe(false)
    for (const part of [{ tag: 'a' }, { group: 'g' }, { check: 'any' as const }, { scores: [{ criterion: 'a' }] }])
      expect(isFiltering({ ...noFilter, ...part })).toBe(true)
  })

  it('shows no row before the rows above it are loaded', () => {
    const live = {
      items: new Map([item(0), item(1), item(7)].map((row) => [row.id, row])),
      order: ['i0', 'i1', 'i7'],
    }
    expect(wantedIds(live, 1, noFilter, null, nothingFound)).toEqual(['i0', 'i1'])
    const backwards: ItemSort = { by: 'position', descending: true }
    expect(wantedIds(live, Number.POSITIVE_INFINITY, noFilter, backwards, nothingFound)).toEqual(['i7', 'i1', 'i0'])
  })
})

describe('the sort of the table', () => {
  const rows = [
    item(0, { latencyMs: 300, scores: scored(4), state: 'judged' }),
    item(1, { latencyMs: null, state: 'failed' }),
    item(2, { latencyMs: 100, scores: scored(9), validators: { passed: 1, total: 2 } }),
    item(3, { latencyMs: 100, scores: scored(4), validators: { passed: 1, total: 1 } }),
  ]

  it.each<[ItemSort, number[]]>([
    [{ by: 'latency', descending: false }, [2, 3, 0, 1]],
    [{ by: 'latency', descending: true }, [0, 2, 3, 1]],
    [{ by: 'score', criterion: 'clarity', descending: true }, [2, 0, 3, 1]],
    [{ by: 'checks', descending: false }, [2, 3, 0, 1]],
    [{ by: 'state', descending: false }, [1, 0, 2, 3]],
    [{ by: 'cost', descending: true }, [0, 1, 2, 3]],
    [{ by: 'position', descending: true }, [3, 2, 1, 0]],
  ])('by %o', (sort, expected) => {
    expect(positions(sortItems(rows, sort))).toEqual(expected)
  })

  it('goes through both directions and back to the order of the suite', () => {
    const score = { by: 'score', criterion: 'clarity' } as const
    const first = nextSort(null, score)
    expect(first).toEqual({ ...score, descending: false })
    const second = nextSort(first, score)
    expect(second).toEqual({ ...score, descending: true })
    expect(nextSort(second, score)).toBeNull()
    expect(nextSort(second, { by: 'cost' })).toEqual({ by: 'cost', descending: true })
    expect(nextSort(second, { by: 'score', criterion: 'safety' })?.descending).toBe(false)
    expect(nextSort({ by: 'position', descending: true }, { by: 'position' })).toBeNull()
  })
})

describe('a table that is held still', () => {
  it('stays for the same filter, and is taken anew for another one or while it is empty', () => {
    const shown = { key: 'a', ids: ['1', '2'] }
    expect(freeze(shown, 'a', ['2', '3'])).toBe(shown)
    expect(freeze(shown, 'b', ['2', '3'])).toEqual({ key: 'b', ids: ['2', '3'] })
    const empty = { key: 'a', ids: [] }
    expect(freeze(empty, 'a', [])).toBe(empty)
    expect(freeze(empty, 'a', ['3']).ids).toEqual(['3'])
  })

  it('counts what has come, what has gone, and whether the rest has moved', () => {
    expect(waitingRows(['1', '2', '3'], ['1', '2', '3'])).toEqual({ added: 0, left: new Set(), isReordered: false })
    expect(waitingRows(['1', '2', '3'], ['0', '1', '3', '4'])).toEqual({
      added: 2,
      left: new Set(['2']),
      isReordered: false,
    })
    expect(waitingRows(['1', '2', '3'], ['3', '1', '2']).isReordered).toBe(true)
    expect(waitingRows([], ['1'])).toEqual({ added: 1, left: new Set(), isReordered: false })
  })

  it('says what waits, new rows first', () => {
    const none = { added: 0, left: new Set<string>(), isReordered: false }
    expect(waitingText(none)).toBeNull()
    expect(waitingText({ added: 1200, left: new Set(['x']), isReordered: true })).toBe('1,200 new')
    expect(waitingText({ ...none, left: new Set(['x']), isReordered: true })).toBe('New order')
    expect(waitingText({ ...none, left: new Set(['x']) })).toBe('1 no longer fits')
  })
})
