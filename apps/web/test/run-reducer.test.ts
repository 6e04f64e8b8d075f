import type { Item, ItemState, RunDetail, RunEvent, RunUpdate } from '@proctor/schema'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptyLiveRun,
  hasGap,
  maxLoadedItems,
  reduceRun,
  type LiveRun,
  type LiveRunAction,
} from '../src/data/run-reducer.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const at = (seq: number) => new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString()

function makeItem(position: number, seq: number, state: ItemState = 'pending'): Item {
  return {
    id: uuid(position),
    position,
    caseId: `case-${position}`,
    repeat: 1,
    state,
    judgeWanted: true,
    promptPreview: 'prompt',
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
    seq,
  }
}

function makeRun(lastEventSeq: number, change: Partial<RunDetail> = {}): RunDetail {
  return {
    id: uuid(999),
    status: 'running',
    statusReason: null,
    statusMessage: null,
    suite: { id: uuid(1), name: 'Suite', versionId: uuid(2), version: 1 },
    model: 'openai:m',
    judgeModel: null,
    sessionId: null,
    experimentName: null,
    conversationId: uuid(3),
    progress: progress(0),
    latency: { p50Ms: null, p95Ms: null },
    budgetMicros: null,
    createdAt: at(0),
    startedAt: null,
    finishedAt: null,
    lastEventSeq,
    concurrency: 8,
    repeats: 1,
    call: { maxOutputTokens: 10, timeoutMs: 1000, maxAttempts: 1 },
    judge: null,
    ...change,
  }
}

function progress(judged: number): RunDetail['progress'] {
  return {
    counts: {
      total: 100,
      pending: 100 - judged,
      running: 0,
      answered: 0,
      judged,
      judgeFailed: 0,
      failed: 0,
      judgeWaiting: 0,
    },
    quality: [],
    validators: { passed: 0, total: 0 },
    tokens: { input: 0, output: 0, cachedInput: 0 },
    cost: { answersMicros: 0, judgingMicros: 0, unpricedCalls: 0 },
  }
}

const snapshot = (run: RunDetail): LiveRunAction => ({ type: 'update', update: { kind: 'snapshot', run } })
const event = (seq: number, body: RunEvent['body']): LiveRunAction => {
  const update: RunUpdate = { kind: 'event', event: { seq, at: at(seq), body } }
  return { type: 'update', update }
}

function itemEvent(seq: number, position: number, state: ItemState): LiveRunAction {
  const { seq: _seq, ...item } = makeItem(position, seq, state)
  return event(seq, { type: 'item', item })
}

const states: ItemState[] = ['pending', 'running', 'answered', 'judged', 'failed']

/** A history of a run: events 1..n, each about an item, the counters or the status. */
const historyOf = fc
  .array(
    fc.oneof(
      fc.record({ type: fc.constant('item' as const), position: fc.nat(7), state: fc.constantFrom(...states) }),
      fc.record({ type: fc.constant('progress' as const), judged: fc.nat(100) }),
      fc.record({
        type: fc.constant('status' as const),
        status: fc.constantFrom('running' as const, 'paused' as const, 'completed' as const),
      }),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((entries) =>
    entries.map((entry, index): LiveRunAction => {
      const seq = index + 1
      if (entry.type === 'item') return itemEvent(seq, entry.position, entry.state)
      if (entry.type === 'progress') return event(seq, { type: 'progress', progress: progress(entry.judged) })
      return event(seq, { type: 'status', status: entry.status, reason: null, message: null })
    }),
  )

/** What the reader sees, without the measurements. */
function view({ run, items, order, appliedSeq }: LiveRun) {
  const { startedAt: _startedAt, ...rest } = run ?? makeRun(0)
  return { run: rest, items: [...items.values()].toSorted((a, b) => a.position - b.position), order, appliedSeq }
}

const started = reduceRun(emptyLiveRun, [snapshot(makeRun(0))])

describe('reduceRun', () => {
  it('comes to the same end in any order, with repetitions, in any batches', () => {
    fc.assert(
      fc.property(historyOf, fc.infiniteStream(fc.nat()), fc.nat(), (history, order, cut) => {
        const inOrder = reduceRun(started, history)
        const random = order[Symbol.iterator]()
        const next = () => random.next().value ?? 0
        const shuffled = [...history, ...history.filter(() => next() % 2 === 0)]
        for (let index = shuffled.length - 1; index > 0; index--) {
          const other = next() % (index + 1)
          const [a, b] = [shuffled[index], shuffled[other]]
          if (a && b) [shuffled[index], shuffled[other]] = [b, a]
        }
        const half = cut % shuffled.length
        const inParts = reduceRun(reduceRun(started, shuffled.slice(0, half)), shuffled.slice(half))
        expect(view(inParts)).toEqual(view(inOrder))
        expect(hasGap(inParts)).toBe(false)
      }),
    )
  })

  it('returns the very same state when nothing is new', () => {
    fc.assert(
      fc.property(historyOf, (history) => {
        const once = reduceRun(started, history)
        expect(reduceRun(once, history)).toBe(once)
      }),
    )
  })

  it('never takes a row back to an older version, wherever the versions come from', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ seq: fc.nat(50), fromPage: fc.boolean() }), { minLength: 1 }), (versions) => {
        let state = started
        let newest = -1
        for (const { seq, fromPage } of versions) {
          const action: LiveRunAction = fromPage
            ? { type: 'items', items: [makeItem(0, seq)] }
            : itemEvent(seq + 1, 0, 'running')
          newest = Math.max(newest, fromPage ? seq : seq + 1)
          state = reduceRun(state, [action])
          expect(state.items.get(uuid(0))?.seq).toBe(newest)
        }
      }),
    )
  })

  it('notices a gap and that it closes', () => {
    const gap = reduceRun(started, [itemEvent(1, 0, 'running'), itemEvent(3, 0, 'judged')])
    expect(hasGap(gap)).toBe(true)
    expect(gap.appliedSeq).toBe(1)
    expect(gap.items.get(uuid(0))?.state).toBe('judged')
    const closed = reduceRun(gap, [itemEvent(2, 0, 'answered')])
    expect(hasGap(closed)).toBe(false)
    expect(closed.appliedSeq).toBe(3)
    expect(closed.items.get(uuid(0))?.state).toBe('judged')
  })

  it('lets a snapshot cover what it skipped, and asks for the rows again', () => {
    const gap = reduceRun(started, [itemEvent(5, 0, 'running')])
    const after = reduceRun(gap, [snapshot(makeRun(9))])
    expect(hasGap(after)).toBe(false)
    expect(after.appliedSeq).toBe(9)
    expect(after.itemsStale).toBe(true)
    expect(reduceRun(after, [{ type: 'reloading' }]).itemsStale).toBe(false)
  })

  it('keeps newer counters and status when an older copy of the run arrives', () => {
    const state = reduceRun(started, [
      event(1, { type: 'progress', progress: progress(40) }),
      event(2, { type: 'status', status: 'completed', reason: null, message: null }),
    ])
    const latency = { p50Ms: 5, p95Ms: 9 }
    const after = reduceRun(state, [{ type: 'detail', run: makeRun(1, { latency, progress: progress(7) }) }])
    expect(after.run?.status).toBe('completed')
    expect(after.run?.finishedAt).toBe(at(2))
    expect(after.run?.latency).toEqual(latency)
  })

  it('orders rows by position, however they arrive', () => {
    const state = reduceRun(started, [
      itemEvent(1, 5, 'running'),
      { type: 'items', items: [makeItem(3, 0), makeItem(1, 0)] },
    ])
    expect(state.order).toEqual([uuid(1), uuid(3), uuid(5)])
  })

  it('follows rows beyond the loaded ones only once they were found, so that memory is bounded', () => {
    const far = maxLoadedItems + 5
    const unseen = reduceRun(started, [itemEvent(1, far, 'running')])
    expect(unseen.items.size).toBe(0)
    expect(unseen.appliedSeq).toBe(1)
    const found = reduceRun(unseen, [{ type: 'items', items: [makeItem(far, 1, 'running')] }])
    expect(reduceRun(found, [itemEvent(2, far, 'judged')]).items.get(uuid(far))?.state).toBe('judged')
  })

  it('takes a frame of ten thousand rows and a burst of events in its stride', () => {
    const rows = Array.from({ length: 10_000 }, (_, position) => makeItem(position, 0))
    const loaded = reduceRun(started, [{ type: 'items', items: rows }])
    const burst = Array.from({ length: 500 }, (_, index) => itemEvent(index + 1, index * 7, 'judged'))
    const before = performance.now()
    const after = reduceRun(loaded, burst)
    expect(performance.now() - before).toBeLessThan(100)
    expect(after.order).toBe(loaded.order)
  })
})
