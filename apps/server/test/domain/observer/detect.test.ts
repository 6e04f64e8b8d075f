import type { RunDetail } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/domain/observer/compare-runs.ts'
import {
  findFailures,
  findLatencyShift,
  findMilestone,
  findOverspending,
  findScoreDrops,
} from '../../../src/domain/observer/detect.ts'
import type { RecentItem, RunFacts } from '../../../src/domain/observer/facts.ts'
import { collectEvidence, verifyAnswer } from '../../../src/domain/observer/verify.ts'
import { createRandom } from '../../../src/domain/statistics/index.ts'

const item = (position: number, changes: Partial<RecentItem> = {}): RecentItem => ({
  id: `item-${position}`,
  position,
  state: 'judged',
  latencyMs: 100,
  failure: null,
  ...changes,
})
const failure = (message: string) => ({
  kind: 'overloaded' as const,
  message,
  retryable: true,
  httpStatus: 503,
  providerRequestId: null,
})
const items = (count: number, make: (index: number) => Partial<RecentItem>) =>
  Array.from({ length: count }, (_, index) => item(index, make(index)))

const state = (changes: {
  done: number
  total: number
  failed?: number
  spent?: number
  budget?: number | null
}): RunFacts => ({
  run: {
    status: changes.done === changes.total ? 'completed' : 'running',
    budgetMicros: changes.budget ?? null,
    progress: {
      counts: {
        total: changes.total,
        pending: changes.total - changes.done,
        running: 0,
        answered: 0,
        judged: changes.done - (changes.failed ?? 0),
        judgeFailed: 0,
        failed: changes.failed ?? 0,
        judgeWaiting: 0,
      },
      quality: [{ criterion: 'accuracy', judgeModel: 'x:y', n: 5, mean: 7.256, passed: 3 }],
      cost: { answersMicros: changes.spent ?? 0, judgingMicros: 0, unpricedCalls: 0 },
    },
  } as unknown as RunDetail,
  sums: [],
  failures: [],
  earlier: null,
  baseline: null,
})

const keys = (findings: { key: string }[]) => findings.map(({ key }) => key)

describe('what is worth speaking up about', () => {
  it('milestones: the last one passed, and the end once it is complete', () => {
    expect(keys(findMilestone(state({ done: 24, total: 100 })))).toEqual([])
    expect(keys(findMilestone(state({ done: 25, total: 100 })))).toEqual(['milestone-25'])
    expect(keys(findMilestone(state({ done: 80, total: 100 })))).toEqual(['milestone-75'])
    expect(keys(findMilestone(state({ done: 100, total: 100 })))).toEqual(['milestone-100'])
  })

  it('a fifth of the window failing, not less, not of a handful', () => {
    const failing = (share: number, count: number) =>
      findFailures(
        items(count, (index) => (index % share === 0 ? { state: 'failed', failure: failure(`no. ${index}`) } : {})),
      )
    expect(keys(failing(5, 100))).toEqual(['failure-rate'])
    expect(keys(failing(6, 100))).toEqual([])
    expect(keys(failing(2, 10))).toEqual([])
    // Long ago is over.
    expect(
      keys(findFailures(items(200, (index) => (index < 100 ? { state: 'failed', failure: failure('x') } : {})))),
    ).toEqual([])
  })

  it('the same error again and again', () => {
    const found = findFailures(
      items(60, (index) => (index % 9 === 0 ? { state: 'failed', failure: failure('same') } : {})),
    )
    expect(keys(found)).toEqual(['repeated-error overloaded same'])
    expect(found[0]?.plain).toContain('“same”')
  })

  it('answers that have become slower, not a slow one now and then', () => {
    const slower = items(150, (index) => ({ latencyMs: (index < 100 ? 100 : 200) + (index % 7) }))
    expect(keys(findLatencyShift(slower))).toEqual(['latency-shift'])
    expect(
      keys(findLatencyShift(items(150, (index) => ({ latencyMs: index % 10 === 0 ? 5000 : 100 + (index % 7) })))),
    ).toEqual([])
    expect(keys(findLatencyShift(slower.slice(0, 90)))).toEqual([])
  })

  it('a budget that will not last, with room for the noise of the estimate', () => {
    const spending = (spent: number) => findOverspending(state({ done: 50, total: 100, spent, budget: 1000 }))
    expect(keys(spending(520))).toEqual(['budget'])
    expect(keys(spending(500))).toEqual([])
    expect(findOverspending(state({ done: 50, total: 100, spent: 900 }))).toEqual([])
    expect(findOverspending(state({ done: 10, total: 100, spent: 900, budget: 1000 }))).toEqual([])
  })

  it('a score that fell against the baseline, by an interval that may be looked at again and again', () => {
    const random = createRandom(7)
    const side = (mean: number) =>
      Array.from({ length: 150 }, (_, index) => ({
        caseId: `c${index}`,
        group: null,
        score: Math.min(10, Math.max(1, Math.round(mean + 2 * (random() - 0.5)))),
      }))
    const other = { id: 'other', sessionId: 'before', model: 'x:y', suite: 's' }
    const compare = (baseline: number, candidate: number) =>
      compareRuns(other, [{ criterion: 'accuracy', baseline: side(baseline), candidate: side(candidate) }], true)
    const dropped = findScoreDrops('before', compare(8, 5).criteria)
    expect(keys(dropped)).toEqual(['score-drop accuracy'])
    expect(dropped[0]?.plain).toMatch(/accuracy is lower than in before: [\d.]+ instead of [\d.]+ on 150 shared cases/)
    expect(findScoreDrops('before', compare(7, 7).criteria)).toEqual([])
    expect(findScoreDrops('before', compare(5, 8).criteria)).toEqual([])
  })

  it('says nothing that its own facts do not hold', () => {
    const found = [
      ...findMilestone(state({ done: 50, total: 100, failed: 3 })),
      ...findFailures(items(60, () => ({ state: 'failed', failure: failure('Try again in 20 s, [#5]') }))),
      ...findLatencyShift(items(150, (index) => ({ latencyMs: (index < 100 ? 900 : 2100) + (index % 7) }))),
      ...findOverspending(state({ done: 50, total: 100, spent: 123_456, budget: 200_000 })),
    ]
    expect(found).toHaveLength(5)
    for (const { plain, facts } of found)
      expect(verifyAnswer(plain, collectEvidence([facts as never])).unverified).toEqual([])
  })
})

describe('the comparison of two runs', () => {
  const scores = (values: number[]) => values.map((score, index) => ({ caseId: `c${index}`, group: null, score }))
  const other = { id: 'other', sessionId: null, model: 'x:y', suite: 's' }

  it('pairs by case when the run is over, and calls a difference only what Holm leaves', () => {
    const { criteria, against } = compareRuns(
      other,
      [
        { criterion: 'a', baseline: scores([5, 6, 5, 6, 5, 6]), candidate: scores([8, 9, 8, 9, 9, 9]) },
        { criterion: 'b', baseline: scores([5, 6, 5, 6, 5, 6]), candidate: scores([6, 5, 6, 5, 5, 6]) },
        { criterion: 'c', baseline: scores([5]), candidate: scores([6]) },
      ],
      false,
    )
    expect(against).toBe('x:y')
    expect(criteria.map(({ verdict }) => verdict)).toEqual(['better', 'no clear difference', 'too few cases'])
    expect(criteria[0]).toMatchObject({ cases: 6, baselineScore: 5.5, thisScore: 8.67, changeScore: 3.17 })
  })
})
