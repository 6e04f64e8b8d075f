import type { ReplyEvent } from '@proctor/schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSystem, type System } from '../support/system.ts'

const model = 'openai:sim-small'

describe('chat through the typed client', () => {
  let system: System
  beforeAll(async () => void (system = await startSystem()))
  beforeEach(() => system.simulator.configure({ errorRate: 0, tokensPerSecond: 0, latencyMs: 0 }))
  afterAll(() => system?.close())

  const start = async (): Promise<string> =>
    (await system.client.session.chat.create.mutate({ title: 'A talk' })).conversationId

  /** Every event of the reply, up to its end. */
  const listen = (conversationId: string, onEvent: (event: ReplyEvent) => void = () => {}) =>
    new Promise<ReplyEvent[]>((resolve, reject) => {
      const events: ReplyEvent[] = []
      const subscription = system.client.session.chat.onReply.subscribe(
        { conversationId },
        {
          onData: (event) => {
            events.push(event)
            onEvent(event)
            if (event.type === 'text') return
            subscription.unsubscribe()
            resolve(events)
          },
          onError: reject,
        },
      )
    })
  const textOf = (events: ReplyEvent[]) =>
    events.reduce((text, event) => (event.type === 'text' ? text.slice(0, event.offset) + event.text : text), '')

  it('streams a reply to several readers alike, and stores what they read', async () => {
    system.simulator.configure({ tokensPerSecond: 200 })
    const conversationId = await start()
    await system.client.session.chat.send.mutate({ conversationId, model, text: 'Name three colours.' })
    const [one, two] = await Promise.all([listen(conversationId), listen(conversationId)])
    expect(one.filter(({ type }) => type === 'text').length).toBeGreaterThan(1)
    expect(one.at(-1)?.type).toBe('done')
    const chat = await system.client.session.chat.get.query({ conversationId })
    const [, answer] = chat.messages
    expect(answer).toMatchObject({ role: 'assistant', model, finishReason: 'stop', turn: 1 })
    expect(answer?.outputTokens).toBeGreaterThan(0)
    expect(textOf(one)).toBe(answer?.content)
    expect(textOf(two)).toBe(answer?.content)
    expect((await listen(conversationId)).map(({ type }) => type)).toEqual(['idle'])
  })

  it('sends all that was said before', async () => {
    const conversationId = await start()
    for (const text of ['First question?', 'Second question?']) {
      await system.client.session.chat.send.mutate({ conversationId, model, text })
      await expect
        .poll(async () => (await system.client.session.chat.get.query({ conversationId })).isReplying)
        .toBe(false)
    }
    const { messages } = await system.client.session.chat.get.query({ conversationId })
    expect(messages.map(({ role, turn }) => `${role} ${turn}`)).toEqual([
      'user 1',
      'assistant 1',
      'user 2',
      'assistant 2',
    ])
    const [, first, , second] = messages
    // The whole conversation is the input of the second call.
    expect(second?.inputTokens ?? 0).toBeGreaterThan((first?.inputTokens ?? 0) + (first?.outputTokens ?? 0))
  })

  it('refuses a second message while a reply is written, and calls the model once', async () => {
    system.simulator.configure({ latencyMs: 400 })
    const conversationId = await start()
    const before = system.simulator.stats().calls
    const sent = await Promise.allSettled(
      ['One?', 'Two?', 'Three?'].map((text) => system.client.session.chat.send.mutate({ conversationId, model, text })),
    )
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await listen(conversationId)).at(-1)?.type).toBe('done')
    expect(system.simulator.stats().calls - before).toBe(1)
    expect((await system.client.session.chat.get.query({ conversationId })).messages).toHaveLength(2)
  })

  it('stops, and keeps what was written', async () => {
    system.simulator.configure({ tokensPerSecond: 20 })
    const conversationId = await start()
    await system.client.session.chat.send.mutate({ conversationId, model, text: 'Tell me a long story.' })
    const events = await listen(conversationId, (event) => {
      if (event.type === 'text') void system.client.session.chat.stop.mutate({ conversationId })
    })
    const end = events.at(-1)
    expect(end).toMatchObject({ type: 'done', message: { finishReason: 'stopped', costMicros: null } })
    expect(end?.type === 'done' && end.message.content).toBe(textOf(events))
  })

  it('a stop before the first word leaves the question unanswered, and it can be asked again', async () => {
    system.simulator.configure({ latencyMs: 5000 })
    const conversationId = await start()
    await system.client.session.chat.send.mutate({ conversationId, model, text: 'Are you there?' })
    const listening = listen(conversationId)
    await system.client.session.chat.stop.mutate({ conversationId })
    expect((await listening).map(({ type }) => type)).toEqual(['stopped'])
    system.simulator.configure({ latencyMs: 0 })
    await system.client.session.chat.retry.mutate({ conversationId, model })
    await expect
      .poll(async () => (await system.client.session.chat.get.query({ conversationId })).messages.length)
      .toBe(2)
    await expect(system.client.session.chat.retry.mutate({ conversationId, model })).rejects.toThrow('has its answer')
  })

  it('tells a failure by its kind, and forgets it once there is an answer', async () => {
    system.simulator.configure({ errorRate: 1 })
    const conversationId = await start()
    await system.client.session.chat.send.mutate({ conversationId, model, text: 'Hello?' })
    await expect
      .poll(async () => (await system.client.session.chat.get.query({ conversationId })).failure?.kind)
      .toMatch(/overloaded|unknown/)
    system.simulator.configure({ errorRate: 0 })
    await system.client.session.chat.retry.mutate({ conversationId, model })
    await expect
      .poll(async () => (await system.client.session.chat.get.query({ conversationId })).messages.length)
      .toBe(2)
    expect((await system.client.session.chat.get.query({ conversationId })).failure).toBeNull()
  })

  it('refuses what cannot be sent before anything is stored', async () => {
    const conversationId = await start()
    const send = system.client.session.chat.send
    await expect(send.mutate({ conversationId, model: 'nobody:x', text: 'Hi' })).rejects.toThrow('no provider')
    await expect(send.mutate({ conversationId, model, text: ' ' })).rejects.toThrow('Write something')
    expect((await system.client.session.chat.get.query({ conversationId })).messages).toEqual([])
  })
})
