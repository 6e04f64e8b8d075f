import { describe, expect, it } from 'vitest'
import {
  averagePasses,
  estimateComponents,
  followSessions,
  passAllK,
  passAtK,
  planRepeats,
  tabularCusum,
} from '../../../src/domain/statistics/index.ts'
import { checkCase, referenceCases } from './reference.ts'

interface Given {
  caseOf: number[]
  scores: number[]
  confidence?: number
  betweenVariance: number
  withinVariance: number
  cases: number
  from: number
  options: number[]
  passes: number
  repeats: number
  k: number
  counts: { passes: number; repeats: number }[]
  rule: 'all' | 'at-least-one'
  ids: string[]
  groups: (string | null)[] | null
  sessions: number[][]
  margin: number
  values: number[]
  target: number
  sd: number
}

const methods: Record<string, (given: Given) => unknown> = {
  estimateComponents: ({ caseOf, scores, confidence }) => estimateComponents(caseOf, scores, confidence),
  planRepeats: ({ cases, from, options, ...variances }) => planRepeats(variances, cases, from, options),
  passAtK: ({ passes, repeats, k }) => passAtK(passes, repeats, k),
  passAllK: ({ passes, repeats, k }) => passAllK(passes, repeats, k),
  averagePasses: ({ counts, k, rule }) => averagePasses(counts, k, rule),
  followSessions: ({ ids, groups, sessions, margin }) => {
    const sides = sessions.map((scores) => ({ caseIds: ids, scores, ...(groups && { groups }) }))
    const answer = followSessions(sides, { margin })
    if (!answer.ok) return answer
    const later = answer.points.slice(1)
    return { toBaseline: later.map((point) => point.toBaseline), toPrevious: later.map((point) => point.toPrevious) }
  },
  tabularCusum: ({ values, target, sd }) => tabularCusum(values, { target, sd }),
}

describe('trend and repeats, beside scipy, statsmodels, R and exact fractions', () => {
  it.each(referenceCases<Given>('sessions'))('$method: $name', (reference) => checkCase(methods, reference))
})

describe('the trend', () => {
  const side = (scores: number[], caseIds = scores.map((_, index) => `c${index}`)) => ({ caseIds, scores })
  const before = [7, 8, 6, 9, 7, 8, 5, 9, 7, 8]
  const wobble = [0.2, -0.3, 0.1, 0.4, -0.2, 0, 0.3, -0.1, 0.2, -0.4]
  const shifted = (shift: number) => before.map((score, index) => score + shift + (wobble[index] ?? 0))

  it('flags a fall only where it is surely larger than the margin, and the other way for latency', () => {
    const sessions = [side(before), side(shifted(-1)), side(shifted(1))]
    const flags = (options: object) => {
      const answer = followSessions(sessions, options)
      return answer.ok
        ? answer.points.map(({ toBaseline }) => toBaseline && [toBaseline.isRegression, toBaseline.isImprovement])
        : null
    }
    expect(flags({})).toEqual([null, [true, false], [false, true]])
    expect(flags({ margin: 0.9 })).toEqual([null, [false, false], [false, false]])
    expect(flags({ isHigherBetter: false })).toEqual([null, [false, true], [true, false]])
  })

  it('compares the cases that sessions share and counts the others', () => {
    const answer = followSessions([
      side([5, 6, 7], ['a', 'b', 'c']),
      side([6, 8, 1], ['a', 'b', 'd']),
      side([1], ['z']),
    ])
    expect(answer).toMatchObject({
      ok: true,
      points: [
        { toBaseline: null, toPrevious: null },
        {
          toBaseline: {
            difference: { n: 2, mean: 1.5 },
            warnings: [{ code: 'unpaired-cases', onlyBaseline: 1, onlyCandidate: 1 }],
          },
        },
        { mean: { n: 1, test: null }, toBaseline: null, toPrevious: null },
      ],
    })
  })

  it('says what it cannot follow', () => {
    expect(followSessions([])).toMatchObject({ ok: false, reason: 'not-enough-data' })
    expect(followSessions([side([1])], { baseline: 3 })).toMatchObject({ ok: false, argument: 'baseline' })
    expect(tabularCusum([1], { target: 1, sd: 0 })).toMatchObject({ ok: false, argument: 'sd' })
  })
})

describe('repeats', () => {
  it('cannot tell noise from difference without a repeated case', () => {
    expect(estimateComponents([0, 1, 2], [5, 6, 7])).toMatchObject({ ok: false, reason: 'not-enough-data', need: 4 })
    expect(estimateComponents([0, 0], [5, 6])).toMatchObject({ ok: false, reason: 'not-enough-data', need: 2 })
  })

  it('names what is odd: no variance at all, none within, none between', () => {
    expect(estimateComponents([0, 0, 1, 1], [5, 5, 5, 5])).toMatchObject({ icc: null, iccInterval: null })
    expect(estimateComponents([0, 0, 1, 1], [5, 5, 6, 6])).toMatchObject({ icc: 1, iccInterval: null })
    expect(estimateComponents([0, 0, 1, 1], [1, 9, 9, 1])).toMatchObject({
      icc: 0,
      warnings: [{ code: 'negative-variance-component' }],
    })
  })

  it('leaves out cases with too few repeats, and refuses impossible counts', () => {
    const answer = averagePasses([{ passes: 1, repeats: 1 }], 2, 'all')
    expect(answer).toMatchObject({ ok: false, reason: 'not-enough-data' })
    expect(passAtK(3, 2, 1)).toMatchObject({ ok: false, argument: 'passes' })
    expect(passAllK(1, 2, 3)).toMatchObject({ ok: false, reason: 'not-enough-data', have: 2, need: 3 })
    expect(planRepeats({ betweenVariance: 0, withinVariance: 0 }, 5, 1, [2])).toMatchObject({ ok: false })
  })
})
