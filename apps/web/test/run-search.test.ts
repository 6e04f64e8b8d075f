import { describe, expect, it } from 'vitest'
import { fromRunView, parseRunSearch, toRunView } from '../src/routes/run-search.ts'

describe('the address of a run', () => {
  it('keeps what fits and leaves out the rest', () => {
    expect(parseRunSearch({ state: 'judge_failed', kind: 'timeout', item: 'abc' })).toEqual({
      state: ['judge_failed'],
      kind: 'timeout',
      item: 'abc',
    })
    expect(
      parseRunSearch({ kind: 'no-such-kind', check: 'no-check', view: 'all', sort: 'colour', cols: '', score: 'x' }),
    ).toEqual({})
    expect(parseRunSearch({ q: 42, tag: 7, check: 'any', view: 'insights' })).toEqual({
      q: '42',
      tag: '7',
      check: 'any',
      view: 'insights',
    })
  })

  it.each([
    ['helpfulness:..6', { criterion: 'helpfulness', max: 6 }],
    ['helpfulness:4..6', { criterion: 'helpfulness', min: 4, max: 6 }],
    ['helpfulness:8..', { criterion: 'helpfulness', min: 8 }],
    ['helpfulness:..', { criterion: 'helpfulness' }],
    ['helpfulness:1..10', { criterion: 'helpfulness' }],
  ])('reads the range of scores %s', (text, range) => {
    expect(toRunView(parseRunSearch({ score: text })).filter.scores).toEqual([range])
  })

  it.each(['helpfulness', 'helpfulness:6', 'helpfulness:7..6', 'helpfulness:0..6', 'helpfulness:..11', 'A:1..2'])(
    'leaves out the range %s',
    (text) => expect(parseRunSearch({ score: [text, 'clarity:2..2'] })).toEqual({ score: ['clarity:2..2'] }),
  )

  it('keeps the last range of a criterion', () => {
    expect(parseRunSearch({ score: ['clarity:2..2', 'safety:..3', 'clarity:..9'] }).score).toEqual([
      'clarity:..9',
      'safety:..3',
    ])
  })

  it.each([
    ['latency', { by: 'latency', descending: false }],
    ['-cost', { by: 'cost', descending: true }],
    ['-score_factual_depth', { by: 'score', criterion: 'factual_depth', descending: true }],
    ['-position', { by: 'position', descending: true }],
  ])('reads the sort %s', (text, sort) => {
    expect(toRunView(parseRunSearch({ sort: text })).sort).toEqual(sort)
  })

  it.each(['position', 'score', 'score_', '--cost', '-', 'cost latency'])('leaves out the sort %s', (sort) => {
    expect(parseRunSearch({ sort })).toEqual({})
  })

  it('says the same after it was read and written', () => {
    const search = parseRunSearch({
      state: ['failed'],
      kind: 'timeout',
      q: 'refund',
      score: ['clarity:..6'],
      check: 'regex',
      tag: 'returns',
      group: 'g 1',
      sort: '-score_clarity',
      cols: 'case.prompt.score_clarity',
      view: 'insights',
    })
    expect(fromRunView(toRunView(search))).toEqual(search)
    expect(fromRunView(toRunView({}))).toEqual({})
  })
})
