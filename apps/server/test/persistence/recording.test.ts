import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import { LeaseLostError } from '../../src/domain/errors.ts'
import type { Database } from '../../src/persistence/database.ts'
import { checkRun } from './support/check-run.ts'
import {
  answered,
  answerId,
  failed,
  failedJudgeCall,
  judgeCall,
  judged,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

describe.each(testDatabases)('recording outcomes on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  beforeAll(async () => void (stores = await openRunStores((database = await open()))))
  afterAll(() => database?.close())

  const rowCounts = async () => {
    const tables = ['messages', 'validator_results', 'judge_calls', 'judgments', 'run_events', 'batch_test_items']
    const counts = tables.map((table) => `'${table}', (SELECT count(*) FROM ${table})`).join(', ')
    return database.prisma.$queryRawUnsafe(`SELECT jsonb_build_object(${counts}) AS counts`)
  }

  it('moves items through every state, and the counters follow', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 4 })
    const [first, second, third, fourth] = items as [
      (typeof items)[0],
      (typeof items)[0],
      (typeof items)[0],
      (typeof items)[0],
    ]
    await checkRun(database, runId)
    await record(...items.map(({ id }) => ({ type: 'started' as const, itemId: id })))
    await checkRun(database, runId)
    const [answerOne, answerTwo] = [answered(first), answered(second, { costMicros: null, text: 'long '.repeat(200) })]
    await record(answerOne, answerTwo, failed(third.id), { type: 'released', itemId: fourth.id })
    await checkRun(database, runId)
    expect((await stores.runs.get(runId))?.progress).toMatchObject({
      counts: { total: 4, pending: 1, running: 0, answered: 2, judged: 0, judgeFailed: 0, failed: 1, judgeWaiting: 2 },
      validators: { passed: 2, total: 4 },
      tokens: { input: 40, output: 14, cachedInput: 10 },
      cost: { answersMicros: 42, judgingMicros: 0, unpricedCalls: 1 },
    })
    await record(
      judged(first.id, judgeCall(answerId(answerOne), { quality: 9, safety: 6.5 })),
      judged(second.id, failedJudgeCall(answerId(answerTwo))),
    )
    await checkRun(database, runId)
    expect((await stores.runs.get(runId))?.progress).toMatchObject({
      counts: { pending: 1, answered: 0, judged: 1, judgeFailed: 1, failed: 1, judgeWaiting: 0 },
      cost: { answersMicros: 42, judgingMicros: 22, unpricedCalls: 1 },
      quality: [
        { criterion: 'quality', judgeModel: 'anthropic:judge-a', n: 1, mean: 9, passed: 1 },
        { criterion: 'safety', judgeModel: 'anthropic:judge-a', n: 1, mean: 6.5, passed: 0 },
      ],
    })
    const [row] = await stores.items(runId)
    expect(row).toMatchObject({
      state: 'judged',
      messageId: answerId(answerOne),
      answerPreview: 'It is four.',
      attempts: 1,
      latencyMs: 120.5,
      timeToFirstTokenMs: 30.25,
      costMicros: 42,
      scores: [
        { criterion: 'quality', score: 9, passed: true },
        { criterion: 'safety', score: 6.5, passed: false },
      ],
    })
  })

  it('takes an answer and its verdict in one group', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 2 })
    const outcomes = items.flatMap((item) => {
      const answer = answered(item)
      return [
        { type: 'started' as const, itemId: item.id },
        answer,
        judged(item.id, judgeCall(answerId(answer), { quality: 8 })),
      ]
    })
    await record(...outcomes)
    await checkRun(database, runId)
    expect((await stores.runs.get(runId))?.progress.counts).toMatchObject({ judged: 2, judgeWaiting: 0 })
  })

  it('stores nothing twice when a group is written again', async () => {
    const { runId, items, record } = await stores.createDriven()
    const [first, second, third] = items as [(typeof items)[0], (typeof items)[0], (typeof items)[0]]
    const [answerOne, answerTwo] = [answered(first), answered(second)]
    const groups = [
      [answerOne, answerTwo, failed(third.id)],
      [judged(first.id, judgeCall(answerId(answerOne), { quality: 3 }))],
      [judged(second.id, failedJudgeCall(answerId(answerTwo)))],
    ]
    for (const group of groups) {
      await record(...group)
      const before = [await rowCounts(), await stores.runs.get(runId)]
      await record(...group)
      expect([await rowCounts(), await stores.runs.get(runId)]).toEqual(before)
      await checkRun(database, runId)
    }
    const before = [await rowCounts(), await stores.runs.get(runId)]
    await record(...groups.flat())
    expect([await rowCounts(), await stores.runs.get(runId)]).toEqual(before)
  })

  it('stores the new outcomes of a group of which a part is stored already', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 2 })
    const [answerOne, answerTwo] = items.map((item) => answered(item)) as [
      ReturnType<typeof answered>,
      ReturnType<typeof answered>,
    ]
    await record(answerOne)
    const verdict = judged(answerOne.itemId, judgeCall(answerId(answerOne), { quality: 5 }))
    await record(verdict)
    await record(answerOne, verdict, answerTwo)
    await checkRun(database, runId)
    expect((await stores.runs.get(runId))?.progress.counts).toMatchObject({ judged: 1, answered: 1 })
  })

  it('writes nothing for a driver whose epoch is over', async () => {
    const { runId, epoch, items, record } = await stores.createDriven()
    await stores.expireLease(runId)
    const next = await stores.drive(runId)
    const before = [await rowCounts(), await stores.runs.get(runId)]
    await expect(record(answered(items[0]!))).rejects.toThrow(LeaseLostError)
    await expect(stores.driver.renew(runId, epoch, 60_000)).rejects.toThrow(LeaseLostError)
    await expect(stores.driver.finish(runId, epoch, { type: 'done' })).rejects.toThrow(LeaseLostError)
    expect([await rowCounts(), await stores.runs.get(runId)]).toEqual(before)
    await stores.driver.record(runId, next.epoch, [answered(items[0]!)])
    await checkRun(database, runId)
  })

  it('writes all of a group or nothing of it', async () => {
    const { runId, items, record } = await stores.createDriven()
    const [first, second] = [answered(items[0]!), answered(items[1]!)]
    const before = [await rowCounts(), await stores.runs.get(runId)]
    const impossible = judged(second.itemId, judgeCall(answerId(second), { quality: 11 }))
    await expect(record(first, second, impossible)).rejects.toThrow()
    expect([await rowCounts(), await stores.runs.get(runId)]).toEqual(before)
    await checkRun(database, runId)
  })

  it('keeps characters that JSON in a database cannot hold from losing an answer', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 1 })
    const text = 'nul \u0000, half \ud83d, \udc4d half, whole \u{1f44d}, \\u0000 as text'
    const shown = 'nul \ufffd, half \ufffd, \ufffd half, whole \u{1f44d}, \\u0000 as text'
    const answer = answered(items[0]!, { text })
    await record(answer, judged(answer.itemId, failedJudgeCall(answerId(answer), text)))
    const messages = await database.prisma.message.findMany({ where: { itemId: answer.itemId, role: 'assistant' } })
    expect(messages.map(({ content }) => content)).toEqual([shown])
    expect((await stores.items(runId))[0]?.answerPreview).toBe(shown)
    await checkRun(database, runId)
  })

  it('computes the latency of a run from its answers', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 5 })
    await record(...items.map((item, index) => answered(item, { latencyMs: (index + 1) * 100 })))
    await stores.driver.refreshLatency(runId)
    expect((await stores.runs.get(runId))?.latency).toEqual({ p50Ms: 300, p95Ms: 480 })
  })
})
