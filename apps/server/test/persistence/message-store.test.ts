import { createSuiteInputSchema, feedbackSchema, itemDetailSchema, messageJudgmentsSchema } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { MessageStore } from '../../src/domain/ports.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { createMessageStore } from '../../src/persistence/message-store.ts'
import {
  answered,
  answerId,
  failed,
  failedJudgeCall,
  failure,
  judgeCall,
  judged,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

describe.each(testDatabases)('message store on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  let store: MessageStore
  beforeAll(async () => {
    stores = await openRunStores((database = await open()))
    store = createMessageStore(database)
  })
  afterAll(() => database?.close())

  /** A run of one case with three turns, answered. */
  const createTalk = async (changes: Record<string, unknown> = {}, call = {}) => {
    const cases = [
      {
        id: 'talk',
        turns: ['One?', 'Two?', 'Three?'],
        expected: 'six',
        notes: 'Be kind.',
        tags: ['a', 'b'],
        ...changes,
      },
    ]
    const suite = await stores.suites.save(createSuiteInputSchema.parse({ name: uuidv7(), cases }))
    const settings = { maxOutputTokens: 9, timeoutMs: 100, maxAttempts: 1, ...call }
    const driven = await stores.createDriven({ suiteVersionId: suite.versionId, call: settings })
    const [item] = driven.items
    const answer = answered(item!)
    answer.messages.forEach((message, index) => (message.content = `text ${index}`))
    await driven.record(answer)
    return { ...driven, answer, item: item! }
  }

  it('tells everything about an item', async () => {
    const { answer, item, record } = await createTalk()
    const attempts = [{ kind: 'timeout', message: 'late', httpStatus: null, waitedMs: 1.5 }]
    const call = judgeCall(answerId(answer), { quality: 8.5 })
    await record(judged(item.id, call))
    const detail = await store.itemDetail(item.id)
    expect(itemDetailSchema.parse(detail)).toEqual(detail)
    expect(detail).toMatchObject({
      caseId: 'talk',
      expected: 'six',
      notes: 'Be kind.',
      tags: ['a', 'b'],
      failedCalls: [],
    })
    expect(detail?.messages.map(({ role, content, turn }) => [role, content, turn])).toEqual([
      ['user', 'text 0', 1],
      ['assistant', 'text 1', 1],
      ['user', 'text 2', 2],
      ['assistant', 'text 3', 2],
      ['user', 'text 4', 3],
      ['assistant', 'text 5', 3],
    ])
    expect(detail?.validatorResults).toEqual(answer.validatorResults)
    expect(detail?.judgments).toMatchObject([
      { criterion: 'quality', score: 8.5, passed: true, threshold: 7, current: true },
    ])

    const retried = await stores.createDriven({ cases: 1 })
    const later = answered(retried.items[0]!)
    later.messages.at(-1)!.attempts = attempts
    await retried.record(later)
    expect((await store.itemDetail(later.itemId))?.messages.at(-1)?.attempts).toEqual(attempts)
  })

  it('tells what there is of an item without an answer, and nothing of one that does not exist', async () => {
    const { items, record } = await stores.createDriven()
    const empty = { feedback: null, tries: [], messages: [], validatorResults: [], judgments: [], failedCalls: [] }
    expect(await store.itemDetail(items[0]!.id)).toEqual({
      caseId: 'case-0',
      expected: '0',
      notes: null,
      tags: [],
      ...empty,
    })
    await record(failed(items[0]!.id))
    expect(await store.itemDetail(items[0]!.id)).toMatchObject(empty)
    expect(await store.itemDetail(uuidv7())).toBeNull()
  })

  it('keeps every verdict on a message, in order, and what a failed judge said', async () => {
    const { answer, item, record } = await createTalk()
    const messageId = answerId(answer)
    await record(judged(item.id, failedJudgeCall(messageId, 'I would rather not.')))
    const [first, again] = [judgeCall(messageId, { quality: 3, safety: 9 }), judgeCall(messageId, { quality: 4 })]
    await record(judged(item.id, first))
    await record(judged(item.id, again))
    const verdicts = await store.judgmentsOf(messageId)
    expect(messageJudgmentsSchema.parse(verdicts)).toEqual(verdicts)
    expect(verdicts.judgments.map(({ criterion, score, current }) => [criterion, score, current])).toEqual([
      ['quality', 3, false],
      ['safety', 9, true],
      ['quality', 4, true],
    ])
    const expected = first.outcome.ok && first.outcome.judgments[0]
    expect(verdicts.judgments[0]).toMatchObject({
      ...expected,
      judgeModel: 'anthropic:judge-a',
      promptVersion: 'p1',
      messageId,
    })
    expect(verdicts.failedCalls).toMatchObject([
      { rawText: 'I would rather not.', failure: failure({ kind: 'unknown' }) },
    ])
    expect(await store.judgmentsOf(uuidv7())).toEqual({ judgments: [], failedCalls: [] })
  })

  it('shows the judge a conversation up to the answer that it is to judge', async () => {
    const { runId, answer, item } = await createTalk({ system: 'Case.' }, { systemPrompt: 'Run.' })
    const turn = (index: number) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `text ${index}` })
    const subject = { runId, itemId: item.id, system: 'Case.', expected: 'six', notes: 'Be kind.' }
    const last = answerId(answer)
    expect(await store.judgeSubject(last)).toEqual({
      ...subject,
      messageId: last,
      conversation: [0, 1, 2, 3, 4, 5].map(turn),
    })
    const second = answer.messages[3]!.id
    expect(await store.judgeSubject(second)).toEqual({
      ...subject,
      messageId: second,
      conversation: [0, 1, 2, 3].map(turn),
    })
  })

  it("shows the judge the run's system prompt where the case has none", async () => {
    const withPrompt = await createTalk({}, { systemPrompt: 'Run.' })
    expect((await store.judgeSubject(answerId(withPrompt.answer)))?.system).toBe('Run.')
    const without = await createTalk()
    expect((await store.judgeSubject(answerId(without.answer)))?.system).toBeNull()
  })

  it('has nothing to judge in a question, or in a message that does not exist', async () => {
    const { answer } = await createTalk()
    expect(await store.judgeSubject(answer.messages[0]!.id)).toBeNull()
    expect(await store.judgeSubject(uuidv7())).toBeNull()
  })

  it('judges a message outside any run, again and again', async () => {
    const conversationId = uuidv7()
    await database.prisma.conversation.create({ data: { id: conversationId, title: 'A chat' } })
    const ids = [uuidv7(), uuidv7(), uuidv7(), uuidv7()] as const
    const rows = ids.map((id, index) => ({
      id,
      conversationId,
      turn: 1 + Math.floor(index / 2),
      content: `text ${index}`,
    }))
    await database.prisma.message.createMany({
      data: rows.map((row, index) => ({ ...row, role: index % 2 === 0 ? ('user' as const) : ('assistant' as const) })),
    })
    const subject = (await store.judgeSubject(ids[1]))!
    expect(subject).toMatchObject({ runId: null, itemId: null, system: null, expected: null, notes: null })
    expect(subject.conversation.map(({ content }) => content)).toEqual(['text 0', 'text 1'])
    await stores.runs.recordJudgeCall(subject, judgeCall(ids[1], { quality: 2 }))
    await stores.runs.recordJudgeCall(subject, judgeCall(ids[1], { quality: 6 }))
    await stores.runs.recordJudgeCall(subject, judgeCall(ids[1], { quality: 8 }, 'openai:judge-b'))
    await stores.runs.recordJudgeCall(subject, failedJudgeCall(ids[1]))
    const { judgments, failedCalls } = await store.judgmentsOf(ids[1])
    expect(judgments.map(({ score, current }) => [score, current])).toEqual([
      [2, false],
      [6, true],
      [8, true],
    ])
    expect(failedCalls).toHaveLength(1)
  })

  it('keeps one opinion of an answer, which can be changed and taken back', async () => {
    const { answer, item } = await createTalk()
    const messageId = answerId(answer)
    expect(await store.feedbackOf(messageId)).toBeNull()
    expect(await store.setFeedback({ messageId, verdict: 'down', note: 'Too \u0000 long.' })).toBe(true)
    expect(await store.setFeedback({ messageId, verdict: 'up', note: null })).toBe(true)
    const feedback = await store.feedbackOf(messageId)
    expect(feedbackSchema.parse(feedback)).toEqual(feedback)
    expect(feedback).toMatchObject({ messageId, verdict: 'up', note: null })
    expect((await store.itemDetail(item.id))?.feedback).toEqual(feedback)
    expect(await store.setFeedback({ messageId, verdict: null, note: null })).toBe(true)
    expect(await store.feedbackOf(messageId)).toBeNull()
  })

  it('takes opinions of answers only', async () => {
    const { answer } = await createTalk()
    const question = answer.messages.find(({ role }) => role === 'user')
    expect(await store.setFeedback({ messageId: question?.id ?? '', verdict: 'up', note: null })).toBe(false)
    expect(await store.setFeedback({ messageId: uuidv7(), verdict: 'up', note: null })).toBe(false)
  })

  it('knows where a message is shown', async () => {
    const { answer, item, runId } = await createTalk()
    const place = await store.placeOf(answerId(answer))
    expect(place).toMatchObject({ messageId: answerId(answer), runId, itemId: item.id, sessionId: null })
    expect(await store.placeOf(uuidv7())).toBeNull()
  })
})
