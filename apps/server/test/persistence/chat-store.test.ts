import { chatSchema, messageSchema, type Chat } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { ChatStore } from '../../src/domain/ports.ts'
import type { NewMessage } from '../../src/domain/run-ports.ts'
import { createChatStore } from '../../src/persistence/chat-store.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { createSessionStore } from '../../src/persistence/session-store.ts'
import { answered, openRunStores, userMessage } from './support/run-fixture.ts'

describe.each(testDatabases)('chat store on $name', ({ open }) => {
  let database: Database
  let store: ChatStore
  beforeAll(async () => void (store = createChatStore((database = await open()))))
  afterAll(() => database?.close())

  const answer = (turn: number): NewMessage => ({
    ...userMessage('Fine.'),
    id: uuidv7(),
    role: 'assistant',
    turn,
    model: 'openai:talker',
    costMicros: 12,
    attempts: [{ kind: 'timeout', message: 'late', httpStatus: null, waitedMs: 3 }],
  })

  it('keeps a conversation turn by turn, whatever the order in which its messages are read', async () => {
    const id = await store.create({ title: 'Nul \u0000', sessionId: 'chat-a', experimentName: 'chats' })
    const first = await store.addMessage(id, { ...userMessage('How are you?'), id: uuidv7() })
    const second = await store.addMessage(id, answer(1))
    for (const message of [first, second]) expect(messageSchema.parse(message)).toEqual(message)
    const chat = await store.get(id)
    expect(chat).toMatchObject({ sessionId: 'chat-a', models: ['openai:talker'], messageCount: 2 })
    expect(chat?.messages).toEqual([first, second])
    expect(second.attempts).toHaveLength(1)
    expect(await createSessionStore(database).get('chat-a')).toMatchObject({
      models: ['openai:talker'],
      cost: { answersMicros: 12 },
      runIds: [],
    })
    expect(await store.get(uuidv7())).toBeNull()
  })

  it('lists chats alone, the newest first, page by page', async () => {
    const stores = await openRunStores(database)
    const run = await stores.createDriven({ cases: 1 })
    await run.record(...run.items.map((item) => answered(item)))
    const made: string[] = []
    for (const title of ['one', 'two', 'three'])
      made.unshift(await store.create({ title, sessionId: null, experimentName: null }))
    const found: Chat[] = []
    for (let cursor: string | null = null; ;) {
      const page = await store.list({ cursor, limit: 2 })
      found.push(...page.items)
      if ((cursor = page.nextCursor) === null) break
    }
    expect(found.slice(0, 3).map(({ conversationId }) => conversationId)).toEqual(made)
    for (const chat of found) expect(chatSchema.parse(chat)).toEqual(chat)
    const conversations = await database.prisma.conversation.count()
    expect(found).toHaveLength(conversations - 1)
  })

  it('renames and removes chats, and never the conversation of a run', async () => {
    const stores = await openRunStores(database)
    const { conversationId } = await stores.createRun()
    expect(await store.rename(conversationId, 'mine')).toBe(false)
    expect(await store.remove(conversationId)).toBe(false)
    expect(await store.get(conversationId)).toBeNull()

    const id = await store.create({ title: 'old', sessionId: null, experimentName: null })
    const { id: messageId } = await store.addMessage(id, { ...userMessage('Hi'), id: uuidv7() })
    expect(await store.rename(id, 'new')).toBe(true)
    expect((await store.get(id))?.title).toBe('new')
    expect(await store.remove(id)).toBe(true)
    expect(await store.get(id)).toBeNull()
    expect(await database.prisma.message.count({ where: { id: messageId } })).toBe(0)
    expect(await store.remove(id)).toBe(false)
  })
})
