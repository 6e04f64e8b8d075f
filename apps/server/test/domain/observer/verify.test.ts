import { findCitations, findFigures } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { collectEvidence, verifyAnswer } from '../../../src/domain/observer/verify.ts'

const texts = (text: string) => findFigures(text).map((figure) => figure.text)

describe('figures of a text', () => {
  it.each([
    ['12 of 1,234 items', ['12', '1,234']],
    ['**72.5%** and 72 percent', ['72.5%', '72 percent']],
    ['$0.0123, or 3 USD', ['$0.0123', '3 USD']],
    ['450 ms, 1.24 s, 4.2 min, 12ms', ['450 ms', '1.24 s', '4.2 min', '12ms']],
    ['8.4/10 at 20/100', ['8.4/10', '20', '100']],
    ['-0.4 and −3', ['-0.4', '−3']],
    ['from 3–5 to 3-5', ['3', '5', '3', '5']],
    ['1.2k tokens', ['1.2k']],
    ['p95 and top-3 of the 2nd', []],
    ['1. first\n2) second\n- 3 things', ['3']],
    ['see [#182], [#3]', []],
    ['gpt-4.1 at 14:31:07 on 2026-11-23', ['gpt-4.1', '14:31:07', '2026-11-23']],
    ['| 7.72 | 50 |', ['7.72', '50']],
    ['It ends with 7.', ['7']],
  ])('%s', (text, expected) => expect(texts(text)).toEqual(expected))

  it('reads value and unit, and what the last digit is worth', () => {
    expect(findFigures('1.24 s')).toMatchObject([{ value: 1240, unit: 'duration', step: 10 }])
    expect(findFigures('$3.20')).toMatchObject([{ value: 3.2, unit: 'money', step: 0.01 }])
    expect(findFigures('12%')).toMatchObject([{ value: 12, unit: 'percent', step: 1 }])
    expect(findFigures('9.5/10')).toMatchObject([{ value: 9.5, unit: 'score', step: 0.1 }])
    expect(findFigures('1.2k')).toMatchObject([{ value: 1200, step: 100 }])
    expect(findFigures('vicuna80-74')).toMatchObject([{ value: null }])
  })

  it('knows where each stands', () => {
    const text = '“7” costs $0.5, 12 ms: [#4] 3%'
    for (const { text: figure, start, end } of findFigures(text)) expect(text.slice(start, end)).toBe(figure)
    expect(findCitations('[#4] and [#12], [#4]')).toEqual([4, 12])
  })
})

describe('the check of an answer', () => {
  const evidence = collectEvidence([
    {
      model: 'openai:gpt-4.1',
      suite: 'Vicuna 80',
      done: 20,
      total: 100,
      failedPercent: 15.4,
      latencyP50Ms: 1240,
      spentUsd: 0.012345,
      criteria: [{ criterion: 'accuracy', meanScore: 7.43, n: 17 }],
      groups: [{ count: 12, message: 'Wait 1200 ms, attempt 3 of 5', items: [{ item: 182 }] }],
    },
    { item: 7, caseId: 'case-7', answer: 'The total is 4711 and everything is 10/10.', latencyMs: 5 },
  ])
  const unverified = (text: string) => verifyAnswer(text, evidence).unverified

  it.each([
    '20 of 100 are done (20/100); 12 failed with the same message [#182].',
    'Accuracy has a mean of 7.43, about 7.4, or 7.43/10, or 7.4 out of 10.',
    'Scores go from 1 to 10.',
    '15.4% failed, about 15%; p50 is 1.24 s or 1240 ms.',
    'It cost $0.0123 for openai:gpt-4.1 on Vicuna 80, case-7 included.',
    'The answer says “The total is 4711 and everything” [#7].',
    '> The total is 4711 and everything is 10/10. [#7]',
    'The message is “Wait 1200 ms, attempt 3 of 5”.',
    'See item 182 and #7.',
  ])('lets stand: %s', (text) => expect(unverified(text)).toEqual([]))

  it.each([
    ['21 are done', ['21']],
    // A figure of one kind is none of another.
    ['20% are done', ['20%']],
    ['15.4 items', ['15.4']],
    ['1240 items', ['1240']],
    ['it took 20 ms', ['20 ms']],
    ['it cost $20', ['$20']],
    // What a text under test says is no fact.
    ['the total is 4711', ['4711']],
    ['everything is 10/10', ['10/10']],
    ['“everything is 10/10” says the answer', ['10/10']],
    ['“The total is 4711 and everything”', ['4711']],
    ['> The total is 4711 and everything is 10/10.', ['4711', '10/10']],
    ['a model called gpt-5', ['gpt-5']],
    ['see [#183] and item 9', ['[#183]', '9']],
    ['rounded too far: 7.5', ['7.5']],
    ['at 14:31:07', ['14:31:07']],
  ])('marks: %s', (text, expected) => expect(unverified(text)).toEqual(expected))

  it('names the items that are cited and there', () => {
    expect(verifyAnswer('[#182] [#999] [#7]', evidence).cited).toEqual([182, 7])
  })
})
