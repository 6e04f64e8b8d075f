import type { Message, SessionSummary } from '@proctor/schema'
import { messageSchema, sessionSummarySchema } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { SessionStore } from '../../src/domain/ports.ts'
import type { Database } from '../../src/persistence/database.ts'
import { createSessionStore } from '../../src/persistence/session-store.ts'
import { answered, openRunStores, type RunStores } from './support/run-fixture.ts'

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
      const page = await store.listMessages('talk', { cursor, limit: 4 })
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
    expect(await store.listMessages('nobody', { limit: 5 })).toEqual({ items: [], nextCursor: null })
  })

  it('knows which session ids with a prefix are taken', async () => {
    for (const sessionId of ['batch-x_1', 'batch-x_1-2', 'batch-xx1', 'Batch-x_1'])
      await stores.createRun({ sessionId })
    expect(await store.takenSessionIds('batch-x_1')).toEqual(new Set(['batch-x_1', 'batch-x_1-2']))
    expect(await store.takenSessionIds('batch-y')).toEqual(new Set())
  })
})
