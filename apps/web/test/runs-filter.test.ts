import { describe, expect, it } from 'vitest'
import { isFilteringRuns, noRunsFilter, toRunsInput } from '../src/data/runs-filter.ts'

const today = new Date(2026, 10, 23, 15, 30)
const localIso = (...parts: [number, number, number]) => new Date(...parts).toISOString()

describe('filter of the runs', () => {
  it('asks for nothing when nothing is chosen', () => {
    expect(toRunsInput(noRunsFilter, today)).toEqual({})
    expect(isFilteringRuns(noRunsFilter)).toBe(false)
  })

  it('takes today as the day of the reader, and seven days with today among them', () => {
    const days = (count: 1 | 7 | 30) => toRunsInput({ ...noRunsFilter, when: { kind: 'days', days: count } }, today)
    expect(days(1)).toEqual({ from: localIso(2026, 10, 23) })
    expect(days(7)).toEqual({ from: localIso(2026, 10, 17) })
    expect(days(30)).toEqual({ from: localIso(2026, 9, 25) })
  })

  it('includes the last day of a range, also over the end of a month', () => {
    const when = { kind: 'range' as const, from: '2026-10-01', to: '2026-10-31' }
    expect(toRunsInput({ ...noRunsFilter, when }, today)).toEqual({
      from: localIso(2026, 9, 1),
      to: localIso(2026, 10, 1),
    })
  })

  it('passes on what is chosen', () => {
    const filter = {
      ...noRunsFilter,
      status: ['running' as const],
      text: 'a',
      experiment: 'e',
      model: 'm',
      suiteId: 's',
    }
    expect(toRunsInput(filter, today)).toEqual({
      status: ['running'],
      text: 'a',
      experimentName: 'e',
      model: 'm',
      suiteId: 's',
    })
    expect(isFilteringRuns(filter)).toBe(true)
  })
})
