import type { Message, SessionSummary } from '@proctor/schema'
import { messageSchema, sessionSummarySchema } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { SessionStore } from '../../src/domain/ports.ts'
import type { Database } from '../../src/persistence/database.ts'
import { createSessionStore } from '../../src/persistence/session-store.ts'
import { answered, answerId, failed, judgeCall, judged, openRunStores, type RunStores } from './support/run-fixture.ts'

describe.each(testDatabases)('session store on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  let store: SessionStore
  beforeAll(async () => {
    stores = await openRunStores((database = await open()))
    store = createSessionStore(database)
  })
  afterAll(() => database?.close())

  const listAll = async (filter: { experimentName?: string; text?: string }): Promise<SessionSummary[]> => {
    const found: SessionSummary[] = []
    for (let cursor: string | null = null; ;) {
      const page = await store.list({ ...filter, limit: 2, cursor })
      expect(page.items.length).toBeLessThanOrEqual(2)
      found.push(...page.items)
      if ((cursor = page.nextCursor) === null) return found
    }
  }
  const idsOf = (sessions: SessionSummary[]) => sessions.map(({ sessionId }) => sessionId)

  it('sums up all conversations of a session', async () => {
    const first = await stores.createDriven({ cases: 2, sessionId: 'sum', experimentName: 'sums' })
    await first.record(...first.items.map((item) => answered(item)))
    const second = await stores.createRun({ sessionId: 'sum', experimentName: 'sums' })
    const session = await store.get('sum')
    expect(sessionSummarySchema.parse(session)).toEqual(session)
    expect(session).toMatchObject({
      sessionId: 'sum',
      experimentName: 'sums',
      conversationCount: 2,
      messageCount: 4,
      runIds: [first.runId, second.id],
    })
    expect(Date.parse(session!.firstAt)).toBeLessThanOrEqual(Date.parse(session!.lastAt))
    expect(Math.abs(Date.parse(session!.lastAt) - Date.now())).toBeLessThan(60_000)
    expect(await store.get('su')).toBeNull()
  })

  it('lists sessions by their newest conversation, page by page, each once', async () => {
    for (const sessionId of ['a', 'b', 'c', 'd', 'e', 'b'])
      await stores.createRun({ sessionId, experimentName: 'order' })
    await stores.createRun({ sessionId: null, experimentName: 'order' })
    expect(idsOf(await listAll({ experimentName: 'order' }))).toEqual(['b', 'e', 'd', 'c', 'a'])
  })

  it('finds sessions by experiment and part of a name, wildcards taken literally', async () => {
    await stores.createRun({ sessionId: 'find_me', experimentName: 'Rate 50%' })
    await stores.createRun({ sessionId: 'findXme', experimentName: 'Rate 500' })
    expect(idsOf(await listAll({ text: 'D_M' }))).toEqual(['find_me'])
    expect(idsOf(await listAll({ text: '50%' }))).toEqual(['find_me'])
    expect(idsOf(await listAll({ text: 'rate' }))).toEqual(['findXme', 'find_me'])
    expect(idsOf(await listAll({ experimentName: 'Rate 500' }))).toEqual(['findXme'])
    expect(idsOf(await listAll({ experimentName: 'Rate 500', text: '50%' }))).toEqual([])
    expect(idsOf(await listAll({ text: 'nothing \u0000' }))).toEqual([])
  })

  it('shows a found session whole, though only one of its conversations matches', async () => {
    await stores.createRun({ sessionId: 'mixed', experimentName: 'mixed one' })
    await stores.createRun({ sessionId: 'mixed', experimentName: 'mixed two' })
    const [found, ...others] = await listAll({ experimentName: 'mixed one' })
    expect(others).toEqual([])
    expect(found).toEqual(await store.get('mixed'))
    expect(found?.conversationCount).toBe(2)
  })

  it('lists the messages of a session in the order in which they were made, page by page', async () => {
    const made: string[] = []
    for (const cases of [2, 1]) {
      const { items, record } = await stores.createDriven({ cases, sessionId: 'talk' })
      const answers = items.map((item) => answered(item))
      await record(...answers)
      made.push(...answers.flatMap(({ messages }) => messages.map(({ id }) => id)))
    }
    const found: Message[] = []
    for (let cursor: string | null = null; ;) {
      const page = await store.listMessages({ sessionId: 'talk', cursor, limit: 4 })
      found.push(...page.items)
      if ((cursor = page.nextCursor) === null) break
    }
    expect(found.map(({ id }) => id)).toEqual(made)
    for (const message of found) expect(messageSchema.parse(message)).toEqual(message)
    expect(found[1]).toMatchObject({
      role: 'assistant',
      content: 'It is four.',
      turn: 1,
      inputTokens: 20,
      outputTokens: 7,
      cachedInputTokens: 5,
      latencyMs: 120.5,
      timeToFirstTokenMs: 30.25,
      costMicros: 42,
      finishReason: 'stop',
      providerRequestId: 'req_1',
    })
    expect(await store.listMessages({ sessionId: 'nobody', limit: 5 })).toEqual({ items: [], nextCursor: null })
  })

  it('finds messages by role and by a part of their text', async () => {
    const { items, record } = await stores.createDriven({ cases: 2, sessionId: 'search' })
    await record(...items.map((item) => answered(item)))
    const find = async (filter: { role?: Message['role']; text?: string }) =>
      (await store.listMessages({ sessionId: 'search', limit: 10, ...filter })).items.map(({ content }) => content)
    expect(await find({ role: 'user' })).toHaveLength(2)
    expect(await find({ text: 'is FOUR' })).toEqual(['It is four.', 'It is four.'])
    expect(await find({ text: 'is four', role: 'user' })).toEqual([])
    expect(await find({ text: '100%' })).toEqual([])
  })

  it("sums up its runs' quality, cost, models and failures", async () => {
    const first = await stores.createDriven({ cases: 2, sessionId: 'figures' })
    const answers = first.items.map((item) => answered(item))
    await first.record(...answers)
    await first.record(
      judged(answers[0]!.itemId, judgeCall(answerId(answers[0]!), { quality: 8, safety: 5 })),
      judged(answers[1]!.itemId, judgeCall(answerId(answers[1]!), { quality: 5, safety: 9 })),
    )
    const second = await stores.createDriven({ cases: 1, sessionId: 'figures', model: 'openai:another' })
    await second.record(failed(second.items[0]!.id))
    const runs = await Promise.all([stores.runs.get(first.runId), stores.runs.get(second.runId)])
    const session = await store.get('figures')
    expect(sessionSummarySchema.parse(session)).toEqual(session)
    expect(session?.models).toEqual(['openai:another', runs[0]?.model])
    expect(session?.failedItems).toBe(1)
    expect(session?.quality).toEqual(runs[0]?.progress.quality)
    expect(session?.cost.answersMicros).toBe(runs[0]?.progress.cost.answersMicros)
    expect(session?.cost.judgingMicros).toBe(runs[0]?.progress.cost.judgingMicros)
    expect(session?.cost.judgingMicros).toBeGreaterThan(0)
    expect((await listAll({ text: 'figures' }))[0]).toEqual(session)
  })

  describe('tagged anew', () => {
    it('moves every conversation, links its runs to the experiment, and is found by its old tag', async () => {
      const run = await stores.createRun({ sessionId: 'before', experimentName: 'first name' })
      await stores.createRun({ sessionId: 'before', experimentName: 'first name' })
      const input = { sessionId: 'before', newSessionId: 'after', experimentName: 'second name', merge: false }
      expect(await store.retag(input)).toBe('done')
      const session = await store.get('after')
      expect(session).toMatchObject({ sessionId: 'after', experimentName: 'second name', conversationCount: 2 })
      expect(session?.formerTags).toEqual([
        { sessionId: 'before', experimentName: 'first name', until: expect.any(String) },
      ])
      expect(await store.get('before')).toEqual(session)
      expect(await stores.runs.get(run.id)).toMatchObject({ sessionId: 'after', experimentName: 'second name' })
      const linked = await database.prisma.batchTestRun.findUnique({ where: { id: run.id }, include: { run: true } })
      expect(linked?.run?.experimentName).toBe('second name')
      expect(await store.retag(input)).toBe('not-found')
    })

    it('joins another session only when that is asked for', async () => {
      await stores.createRun({ sessionId: 'mine' })
      await stores.createRun({ sessionId: 'yours' })
      const input = { sessionId: 'mine', newSessionId: 'yours', experimentName: null }
      expect(await store.retag({ ...input, merge: false })).toBe('taken')
      expect((await store.get('mine'))?.conversationCount).toBe(1)
      expect(await store.retag({ ...input, merge: true })).toBe('done')
      expect((await store.get('yours'))?.conversationCount).toBe(2)
    })

    it('changes the experiment alone, and a tag that stays is no change', async () => {
      await stores.createRun({ sessionId: 'stay', experimentName: 'old' })
      const retag = (experimentName: string | null) =>
        store.retag({ sessionId: 'stay', newSessionId: 'stay', experimentName, merge: false })
      expect(await retag('old')).toBe('done')
      expect((await store.get('stay'))?.formerTags).toEqual([])
      expect(await retag(null)).toBe('done')
      expect(await store.get('stay')).toMatchObject({
        experimentName: null,
        formerTags: [{ sessionId: 'stay', experimentName: 'old' }],
      })
    })
  })

  it('knows which session ids with a prefix are taken', async () => {
    for (const sessionId of ['batch-x_1', 'batch-x_1-2', 'batch-xx1', 'Batch-x_1'])
      await stores.createRun({ sessionId })
    expect(await store.takenSessionIds('batch-x_1')).toEqual(new Set(['batch-x_1', 'batch-x_1-2']))
    expect(await store.takenSessionIds('batch-y')).toEqual(new Set())
  })
})
