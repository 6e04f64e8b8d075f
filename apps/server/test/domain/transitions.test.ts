import type { Failure, ItemState } from '@proctor/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/run-ports.ts'
import {
  applyOutcome,
  foldOutcomes,
  preview,
  toProgress,
  type ItemBody,
  type RunTotals,
} from '../../src/domain/scheduler/transitions.ts'

const failure: Failure = {
  kind: 'timeout',
  message: 'late',
  retryable: true,
  httpStatus: null,
  providerRequestId: null,
}
const itemCount = 4
const ids = Array.from({ length: itemCount }, (_, index) => `item-${index}`)

const item = (id: string, state: ItemState = 'pending', judgeWanted = true): ItemBody => ({
  id,
  position: ids.indexOf(id),
  caseId: id,
  repeat: 1,
  state,
  judgeWanted,
  promptPreview: 'p',
  answerPreview: null,
  messageId: null,
  attempts: 0,
  latencyMs: null,
  timeToFirstTokenMs: null,
  inputTokens: null,
  outputTokens: null,
  costMicros: null,
  validators: { passed: 0, total: 0 },
  scores: [],
  failure: null,
})

const emptyTotals = (): RunTotals => ({
  counts: {
    total: itemCount,
    pending: itemCount,
    running: 0,
    answered: 0,
    judged: 0,
    judgeFailed: 0,
    failed: 0,
    judgeWaiting: 0,
  },
  validators: { passed: 0, total: 0 },
  tokens: { input: 0, output: 0, cachedInput: 0 },
  cost: { answersMicros: 0, judgingMicros: 0, unpricedCalls: 0 },
  sums: [],
})

const answered = (itemId: string, costMicros: number | null = 5): Outcome => ({
  type: 'answered',
  itemId,
  messages: [],
  attempts: 1,
  latencyMs: 10,
  timeToFirstTokenMs: 2,
  usage: { inputTokens: 3, outputTokens: 4, cachedInputTokens: 0 },
  costMicros,
  validatorResults: [
    { validator: { type: 'max-words', value: 3 }, passed: true, explanation: null },
    { validator: { type: 'max-words', value: 1 }, passed: false, explanation: '2 words' },
  ],
})

const judged = (itemId: string, score: number | null): Outcome => ({
  type: 'judged',
  itemId,
  call: {
    id: 'call',
    messageId: `message-${itemId}`,
    judgeModel: 'openai:j',
    promptVersion: 'v',
    usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 },
    costMicros: 7,
    latencyMs: 1,
    outcome:
      score === null
        ? { ok: false, failure, rawText: 'x' }
        : {
            ok: true,
            judgments: [
              {
                id: 'judgment',
                criterion: 'clarity',
                score,
                passed: score >= 7,
                threshold: 7,
                evidence: { reasoning: '', quotes: [], inventedQuotes: 0, confidence: 1, suggestions: [] },
              },
            ],
          },
  },
})

const outcomeArbitrary: fc.Arbitrary<Outcome> = fc.constantFrom(...ids).chain((itemId) =>
  fc.oneof(
    fc.constant<Outcome>({ type: 'started', itemId }),
    fc.constant<Outcome>({ type: 'released', itemId }),
    fc.option(fc.nat(100)).map((cost) => answered(itemId, cost)),
    fc.constant<Outcome>({ type: 'failed', itemId, failure, attempts: 2, tries: [] }),
    fc.option(fc.integer({ min: 1, max: 10 })).map((score) => judged(itemId, score)),
  ),
)

describe('the state machine of items', () => {
  it.each<[ItemState, Outcome, ItemState | null]>([
    ['pending', { type: 'started', itemId: 'item-0' }, 'running'],
    ['running', { type: 'released', itemId: 'item-0' }, 'pending'],
    ['running', answered('item-0'), 'answered'],
    // The note that it started may still be on its way when a fast answer is recorded.
    ['pending', answered('item-0'), 'answered'],
    ['running', { type: 'failed', itemId: 'item-0', failure, attempts: 1, tries: [] }, 'failed'],
    ['answered', judged('item-0', 8), 'judged'],
    ['answered', judged('item-0', null), 'judge_failed'],
    ['judge_failed', judged('item-0', 8), 'judged'],
    ['judged', judged('item-0', null), 'judged'],
    ['answered', answered('item-0'), null],
    ['judged', answered('item-0'), null],
    ['failed', answered('item-0'), null],
    ['failed', judged('item-0', 8), null],
    ['pending', judged('item-0', 8), null],
    ['answered', { type: 'started', itemId: 'item-0' }, null],
    ['judged', { type: 'released', itemId: 'item-0' }, null],
  ])('%s + %j', (state, outcome, expected) => {
    expect(applyOutcome(item('item-0', state), outcome)?.state ?? null).toBe(expected)
  })

  it('keeps the scores of other criteria when one is judged again', () => {
    const before = { ...item('item-0', 'judged'), scores: [{ criterion: 'safety', score: 9, passed: true }] }
    expect(applyOutcome(before, judged('item-0', 3))?.scores).toEqual([
      { criterion: 'safety', score: 9, passed: true },
      { criterion: 'clarity', score: 3, passed: false },
    ])
  })

  it('keeps counters equal to the items, money never falling, whatever happens in whatever groups', () => {
    fc.assert(
      fc.property(fc.array(fc.array(outcomeArbitrary, { maxLength: 6 }), { maxLength: 12 }), (groups) => {
        let totals = emptyTotals()
        const rows = new Map(ids.map((id) => [id, item(id)]))
        for (const group of groups) {
          const superseded = [...rows.values()].flatMap((row) =>
            row.scores.map((score) => ({ ...score, messageId: `message-${row.id}`, judgeModel: 'openai:j' })),
          )
          // The database keeps one current judgment; a group judges a message at most once.
          const once = group.filter(
            (outcome, index) =>
              outcome.type !== 'judged' ||
              group.findIndex((other) => other.type === 'judged' && other.itemId === outcome.itemId) === index,
          )
          const fold = foldOutcomes(totals, rows, superseded, once)
          expect(fold.totals.cost.answersMicros).toBeGreaterThanOrEqual(totals.cost.answersMicros)
          expect(fold.totals.cost.judgingMicros).toBeGreaterThanOrEqual(totals.cost.judgingMicros)
          totals = fold.totals
          for (const row of fold.items) rows.set(row.id, row)
        }
        const count = (state: ItemState) => [...rows.values()].filter((row) => row.state === state).length
        expect(totals.counts).toEqual({
          total: itemCount,
          pending: count('pending'),
          running: count('running'),
          answered: count('answered'),
          judged: count('judged'),
          judgeFailed: count('judge_failed'),
          failed: count('failed'),
          judgeWaiting: count('answered'),
        })
        const scores = [...rows.values()].flatMap((row) => row.scores.map((entry) => entry.score))
        const [sum] = totals.sums
        expect(sum?.n ?? 0).toBe(scores.length)
        expect(sum?.total ?? 0).toBe(scores.reduce((a, b) => a + b, 0))
      }),
    )
  })

  it('drops a group that was stored before, so writing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...ids)), (chosen) => {
        const rows = new Map(ids.map((id) => [id, item(id, 'running')]))
        const group = chosen.map((id) => answered(id))
        const first = foldOutcomes(emptyTotals(), rows, [], group)
        for (const row of first.items) rows.set(row.id, row)
        const second = foldOutcomes(first.totals, rows, [], group)
        expect(second).toEqual({ totals: first.totals, items: [], applied: [] })
      }),
    )
  })

  it('counts calls without a price apart, never as free', () => {
    const rows = new Map([['item-0', item('item-0', 'running')]])
    const { totals } = foldOutcomes(emptyTotals(), rows, [], [answered('item-0', null)])
    expect(totals.cost).toEqual({ answersMicros: 0, judgingMicros: 0, unpricedCalls: 1 })
  })

  it('shows a mean only where there are scores', () => {
    const sums = [{ criterion: 'c', judgeModel: 'j', n: 0, total: 0, totalSquares: 0, passed: 0 }]
    expect(toProgress({ ...emptyTotals(), sums }).quality[0]?.mean).toBeNull()
  })

  it('previews one line of bounded length', () => {
    expect(preview(' a\n\n b ')).toBe('a b')
    expect(preview('x'.repeat(1000))).toHaveLength(240)
  })
})
