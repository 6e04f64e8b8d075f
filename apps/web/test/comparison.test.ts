import { describe, expect, it } from 'vitest'
import { sumEstimates } from '../src/features/new-run/sum-estimates.ts'
import { rowsOf } from '../src/features/analytics/comparison-rows.ts'

const quality = (criterion: string, judgeModel: string, mean: number) => ({
  criterion,
  judgeModel,
  n: 4,
  mean,
  passed: 2,
})

describe('rows of a comparison', () => {
  it('sets against each other only what one judge said of one criterion', () => {
    const sessions = [
      { quality: [quality('clarity', 'a', 7), quality('accuracy', 'a', 8)] },
      { quality: [quality('accuracy', 'b', 3), quality('accuracy', 'a', 9)] },
    ]
    const rows = rowsOf(sessions).map(({ criterion, judgeModel, cells }) => [
      criterion,
      judgeModel,
      ...cells.map((cell) => cell?.mean ?? null),
    ])
    expect(rows).toEqual([
      ['accuracy', 'a', 8, 9],
      ['accuracy', 'b', null, 3],
      ['clarity', 'a', 7, null],
    ])
  })
})

describe('estimate of several runs', () => {
  const estimate = (lowMicros: number, seconds: number) => ({
    items: 10,
    judgedItems: 5,
    inputTokens: 100,
    answers: { lowMicros, highMicros: lowMicros * 2 },
    judging: { lowMicros: 1, highMicros: 2 },
    total: { lowMicros: lowMicros + 1, highMicros: lowMicros * 2 + 2 },
    durationSeconds: { low: seconds, high: seconds * 3 },
    notes: ['Rough.'],
  })

  it('adds the money and takes the slowest for the time', () => {
    expect(sumEstimates([estimate(100, 8), estimate(50, 20)])).toMatchObject({
      items: 20,
      judgedItems: 10,
      total: { lowMicros: 152, highMicros: 304 },
      durationSeconds: { low: 20, high: 60 },
      notes: ['Rough.'],
    })
  })

  it('does not know the sum where one price is unknown, and nothing of no run', () => {
    const unknown = { ...estimate(1, 1), answers: null, total: null }
    expect(sumEstimates([estimate(100, 8), unknown])).toMatchObject({ total: null, judging: { lowMicros: 2 } })
    expect(sumEstimates([])).toBeNull()
  })
})
