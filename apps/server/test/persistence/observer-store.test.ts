import { observerTag, type Observation } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { NewEntry, ObserverStore, RunFactsStore } from '../../src/domain/observer/facts.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { createObserverStore } from '../../src/persistence/observer/observer-store.ts'
import { createRunFactsStore } from '../../src/persistence/observer/run-facts.ts'
import { createEventLog } from '../../src/persistence/runs/event-log.ts'
import {
  answered,
  answerId,
  failed,
  judgeCall,
  judged,
  openRunStores,
  userMessage,
  type RunStores,
} from './support/run-fixture.ts'

const observation = (changes: Partial<Observation> = {}): Observation => ({
  asOf: { done: 1, total: 3, at: '2026-11-23T12:00:00.000Z' },
  steps: [{ tool: 'run_state', arguments: {}, label: 'looked', result: { failed: 1 }, error: null }],
  citations: [],
  unverified: ['7'],
  proposals: [{ action: 'pause' }],
  noteKind: null,
  calls: 2,
  failure: null,
  ...changes,
})
const question = (text: string): NewEntry => ({ kind: 'question', message: userMessage(text), observation: null })
const answer = (text: string, changes: Partial<NewEntry['message']> = {}): NewEntry => ({
  kind: 'answer',
  message: { ...userMessage(text), role: 'assistant', finishReason: 'stop', ...changes },
  observation: observation(),
})
const note = (text: string): NewEntry => ({
  ...answer(text, { costMicros: 3 }),
  kind: 'note',
  observation: observation({ noteKind: 'milestone' }),
})
const off = { model: null, speaksUp: false, noteBudgetMicros: null }

describe.each(testDatabases)('the observer’s stores on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  let observers: ObserverStore
  let facts: RunFactsStore

  beforeAll(async () => {
    stores = await openRunStores((database = await open()))
    observers = createObserverStore(database)
    facts = createRunFactsStore(database)
  })
  afterAll(() => database?.close())

  describe('the conversation', () => {
    it('begins with its first entry, under its tag, and keeps everything', async () => {
      const { id } = await stores.createRun()
      expect(await observers.get(id)).toMatchObject({ sessionId: observerTag(id), entries: [], settings: off })
      await observers.add(id, question('How \0 is it?'))
      await observers.add(
        id,
        answer('Well. \u0000', { model: 'openai:x', costMicros: 40, inputTokens: 9, outputTokens: 2 }),
      )
      const { entries, cost } = await observers.get(id)
      expect(entries).toMatchObject([
        { kind: 'question', text: 'How \ufffd is it?', observation: null },
        { kind: 'answer', model: 'openai:x', costMicros: 40, finish: 'stop', observation: observation() },
      ])
      expect(cost).toEqual({ answersMicros: 40, notesMicros: 0, unpricedAnswers: 0 })
      expect((await observers.get(id, 1)).entries.map(({ kind }) => kind)).toEqual(['answer'])
      expect(await observers.export(id)).toEqual(entries)
      const conversations = await database.prisma.conversation.findMany({ where: { widgetSessionId: observerTag(id) } })
      expect(conversations).toMatchObject([{ sessionId: observerTag(id), isWidgetSession: true, batchTestRunId: null }])
    })

    it('is one, however many begin it at once', async () => {
      const { id } = await stores.createRun()
      await Promise.all(['a', 'b', 'c', 'd'].map((text) => observers.add(id, question(text))))
      expect((await observers.get(id)).entries).toHaveLength(4)
    })

    it('counts what has no known price, and the built-in analyst as free', async () => {
      const { id } = await stores.createRun()
      await observers.add(id, answer('a', { model: 'openai:x', costMicros: null }))
      await observers.add(id, answer('b', { costMicros: 0 }))
      expect((await observers.get(id)).cost).toEqual({ answersMicros: 0, notesMicros: 0, unpricedAnswers: 1 })
    })
  })

  describe('notes', () => {
    it('are claimed by one, and again once the claim is stale, but never after they are posted', async () => {
      const { id } = await stores.createRun()
      const claims = await Promise.all([1, 2, 3].map(() => observers.claimNote(id, 'key', 60_000)))
      expect(claims.filter(Boolean)).toHaveLength(1)
      expect(await observers.claimNote(id, 'other', 60_000)).toBe(true)
      await expect.poll(() => observers.claimNote(id, 'key', 1)).toBe(true)
      await observers.postNote(id, 'key', 'milestone', note('Half.'))
      expect(await observers.claimNote(id, 'key', 0)).toBe(false)
      expect((await observers.get(id)).cost.notesMicros).toBe(3)
    })

    it('are events of the run, in its order, between those of its driver', async () => {
      const { runId, items, record } = await stores.createDriven()
      const log = await createEventLog(database)
      await record({ type: 'started', itemId: items[0]!.id })
      const posted = await observers.postNote(runId, 'k', 'budget', note('Dear.'))
      await record({ type: 'started', itemId: items[1]!.id })
      const events = await log.read(runId, 0, 100)
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
      expect(events.map(({ body }) => body.type).filter((type) => type !== 'progress')).toEqual([
        'status',
        'item',
        'note',
        'item',
      ])
      expect(events.find(({ body }) => body.type === 'note')?.body).toEqual({
        type: 'note',
        note: { entryId: posted.id, kind: 'budget', text: 'Dear.' },
      })
    })

    it('are looked for where that is switched on and the run moves', async () => {
      const { runId } = await stores.createDriven()
      const watched = async () => (await observers.watchedRuns()).filter((entry) => entry.runId === runId)
      expect(await watched()).toEqual([])
      const settings = { model: 'openai:x', speaksUp: true, noteBudgetMicros: 500 }
      await observers.configure(runId, settings)
      await observers.claimNote(runId, 'claimed', 1)
      await observers.claimNote(runId, 'posted', 1)
      await observers.postNote(runId, 'posted', 'milestone', note('x'))
      expect(await watched()).toEqual([{ runId, settings, notedKeys: ['posted'] }])
      await observers.configure(runId, { ...settings, speaksUp: false })
      expect(await watched()).toEqual([])
      expect((await observers.get(runId)).settings.model).toBe('openai:x')
    })
  })

  describe('facts', () => {
    let runId: string
    let earlierId: string

    /** Scores of quality: 4, 6.5, 9 now; 6, 6, 6 before; the fourth and fifth item failed. */
    beforeAll(async () => {
      const suite = await stores.suites.save({
        name: 'Facts',
        description: '',
        cases: Array.from({ length: 6 }, (_, index) => ({
          id: `case-${index}`,
          turns: [`Prompt with needle${index}?`],
          tags: [],
          validators: [],
          ...(index < 2 ? { group: 'g' } : {}),
        })),
      })
      const fill = async (scores: number[], texts: string[], failures: string[]) => {
        const {
          runId: id,
          items,
          record,
        } = await stores.createDriven({
          suiteVersionId: suite.versionId,
          sessionId: `facts-${uuidv7()}`,
          experimentName: 'facts',
        })
        const answers = scores.map((_score, index) =>
          answered(items[index]!, { text: texts[index] ?? 'fine', latencyMs: 100 + index }),
        )
        await record(...answers)
        await record(
          ...answers.map((each, index) => judged(each.itemId, judgeCall(answerId(each), { quality: scores[index]! }))),
        )
        await record(...failures.map((message, index) => failed(items[scores.length + index]!.id, { message })))
        return id
      }
      earlierId = await fill([6, 6, 6], [], ['x', 'x', 'x'])
      await database.prisma.batchTestRun.update({ where: { id: earlierId }, data: { status: 'completed' } })
      runId = await fill([4, 6.5, 9], ['A Haystack of words', 'x', '100% haystack_'], ['Too slow.', 'Too slow.'])
    })

    it('of the run as it stands, with its baseline', async () => {
      const found = await facts.read(runId)
      expect(found?.run.progress.counts).toMatchObject({ judged: 3, failed: 2, pending: 1, total: 6 })
      expect(found?.failures).toEqual([{ stage: 'answer', kind: 'timeout', count: 2 }])
      expect(found?.sums).toMatchObject([{ criterion: 'quality', n: 3, total: 19.5, totalSquares: 16 + 42.25 + 81 }])
      expect(found?.baseline).toMatchObject({ id: earlierId, suite: 'Facts' })
      expect(found?.earlier?.done).toBe(3)
      expect(await facts.read(uuidv7())).toBeNull()
      expect(await facts.findRun(found?.baseline?.sessionId ?? '')).toMatchObject({ id: earlierId })
    })

    it('of items, errors and scores', async () => {
      expect(await facts.countItems(runId, { state: ['failed'] })).toBe(2)
      expect(await facts.errors(runId, 5)).toEqual([
        { stage: 'answer', kind: 'timeout', message: 'Too slow.', retryable: true, count: 2, positions: [3, 4] },
      ])
      expect(await facts.spread(runId, 'quality')).toMatchObject({
        n: 3,
        mean: 6.5,
        min: 4,
        median: 6.5,
        max: 9,
        sd: 2.5,
        counts: [0, 0, 0, 1, 0, 1, 0, 0, 1, 0],
      })
      expect(await facts.spread(runId, 'nothing')).toMatchObject({
        n: 0,
        mean: null,
        counts: Array.from({ length: 10 }, () => 0),
      })
      expect(await facts.itemAt(runId, 0)).toMatchObject({
        prompt: 'Prompt with needle0?',
        answer: 'A Haystack of words',
        judgments: [{ criterion: 'quality', score: 4 }],
      })
      expect(await facts.itemAt(runId, 6)).toBeNull()
      expect(
        (await facts.cite(runId, [1, 6, 7, 0])).map(({ number, caseId, messageId }) => [
          number,
          caseId,
          messageId !== null,
        ]),
      ).toEqual([
        [1, 'case-0', true],
        [6, 'case-5', false],
      ])
    })

    it('of another run: what changed by a point or more, and the scores of each case', async () => {
      const worse = await facts.changes(runId, earlierId, 'quality', 'worse', 5)
      expect(worse.changes.map(({ item, before, after }) => [item.caseId, before, after])).toEqual([['case-0', 6, 4]])
      const better = await facts.changes(runId, earlierId, 'quality', 'better', 5)
      expect({ total: better.total, cases: better.changes.map(({ item }) => item.caseId) }).toEqual({
        total: 1,
        cases: ['case-2'],
      })
      expect(await facts.caseScores(runId, 'quality')).toEqual([
        { caseId: 'case-0', group: 'g', score: 4 },
        { caseId: 'case-1', group: 'g', score: 6.5 },
        { caseId: 'case-2', group: null, score: 9 },
      ])
    })

    it('of texts, wildcards taken literally', async () => {
      const inAnswers = await facts.search(runId, 'haystack', 'answers', 5)
      expect({ total: inAnswers.total, at: inAnswers.hits.map(({ item, where }) => [item.position, where]) }).toEqual({
        total: 2,
        at: [
          [0, 'answer'],
          [2, 'answer'],
        ],
      })
      expect(inAnswers.hits[0]?.snippet).toContain('Haystack')
      expect((await facts.search(runId, '0% h', 'both', 5)).total).toBe(1)
      expect((await facts.search(runId, 'needle', 'prompts', 2)).total).toBe(6)
      expect(await facts.search(runId, 'k_\0', 'both', 5)).toEqual({ total: 0, hits: [] })
    })

    it('of what was finished last, the newest last, each once', async () => {
      const recent = await facts.recent(runId, 4)
      expect(recent.map(({ position, state }) => [position, state])).toEqual([
        [1, 'judged'],
        [2, 'judged'],
        [3, 'failed'],
        [4, 'failed'],
      ])
    })
  })
})
