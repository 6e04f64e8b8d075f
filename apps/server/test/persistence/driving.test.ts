import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import { LeaseLostError } from '../../src/domain/errors.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { checkRun } from './support/check-run.ts'
import {
  answered,
  answerId,
  failed,
  judgeCall,
  judged,
  leaseMs,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

describe.each(testDatabases)('driving runs on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  beforeAll(async () => void (stores = await openRunStores((database = await open()))))
  afterAll(() => database?.close())

  const cancel = { to: 'cancelled', reason: 'user', message: null, enqueue: false } as const

  it('acquires a queued run with all that its driver needs', async () => {
    const run = await stores.createRun({ budgetMicros: 5_000_000_000 })
    expect(await stores.driver.acquire(run.id, uuidv7(), leaseMs)).toEqual({
      id: run.id,
      epoch: 1,
      conversationId: run.conversationId,
      model: run.model,
      status: 'running',
      concurrency: run.concurrency,
      call: run.call,
      judge: run.judge,
      budgetMicros: 5_000_000_000,
      spentMicros: 0,
    })
    const started = await stores.runs.get(run.id)
    expect(started).toMatchObject({ status: 'running', finishedAt: null })
    expect(started?.startedAt).not.toBeNull()
    await checkRun(database, run.id)
  })

  it('refuses a run that is held, does not exist or is over', async () => {
    const run = await stores.createRun()
    await stores.drive(run.id)
    expect(await stores.driver.acquire(run.id, uuidv7(), leaseMs)).toBeNull()
    expect(await stores.driver.acquire(uuidv7(), uuidv7(), leaseMs)).toBeNull()
    const over = await stores.createRun()
    await stores.runs.transition(over.id, { ...cancel, from: ['queued'] })
    expect(await stores.driver.acquire(over.id, uuidv7(), leaseMs)).toBeNull()
    expect((await stores.runs.get(over.id))?.status).toBe('cancelled')
  })

  it('takes over after the end of the lease: a new epoch, and running items are pending again', async () => {
    const { runId, epoch, items, record } = await stores.createDriven()
    const answer = answered(items[1]!)
    await record(...items.map(({ id }) => ({ type: 'started' as const, itemId: id })))
    await record(answer, judged(answer.itemId, judgeCall(answerId(answer), { quality: 7 })))
    await stores.expireLease(runId)
    const next = await stores.drive(runId)
    expect(next.epoch).toBeGreaterThan(epoch)
    expect(next.spentMicros).toBe(42 + 11)
    expect((await stores.items(runId)).map(({ state }) => state)).toEqual(['pending', 'judged', 'pending'])
    await checkRun(database, runId)
  })

  it('lets one of two workers win that come at once', async () => {
    const run = await stores.createRun()
    const driven = await Promise.all([1, 2, 3].map(() => stores.driver.acquire(run.id, uuidv7(), leaseMs)))
    expect(driven.filter((entry) => entry !== null)).toHaveLength(1)
    await checkRun(database, run.id)
  })

  it('keeps the run for a driver that renews, and tells it what the user changed', async () => {
    const { runId, epoch } = await stores.createDriven({ budgetMicros: 100 })
    await stores.expireLease(runId)
    const change = {
      from: ['running' as const],
      to: 'pausing' as const,
      reason: 'user' as const,
      message: null,
      enqueue: false,
    }
    await stores.runs.transition(runId, { ...change, budgetMicros: 6_000_000_000 })
    const state = await stores.driver.renew(runId, epoch, leaseMs)
    expect(state).toEqual({
      status: 'pausing',
      budgetMicros: 6_000_000_000,
      judge: (await stores.runs.get(runId))?.judge,
    })
    expect(await stores.driver.acquire(runId, uuidv7(), leaseMs)).toBeNull()
  })

  it('loads pending items in order, page by page, with their cases', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 3, repeats: 2 })
    expect(items.map(({ position, caseId, repeat }) => [position, caseId, repeat])).toEqual([
      [0, 'case-0', 1],
      [1, 'case-1', 1],
      [2, 'case-2', 1],
      [3, 'case-0', 2],
      [4, 'case-1', 2],
      [5, 'case-2', 2],
    ])
    expect(items[1]).toMatchObject({
      turns: ['What is 1 + 1?'],
      system: null,
      expected: '2',
      notes: null,
      judgeWanted: true,
      validators: [{ type: 'max-words', value: 100 }],
    })
    await record({ type: 'started', itemId: items[1]!.id }, failed(items[2]!.id))
    expect((await stores.driver.loadPending(runId, 0, 2)).map(({ position }) => position)).toEqual([3, 4])
  })

  it('loads the answers that wait for the judge, with what the judge is shown', async () => {
    const { runId, items, record } = await stores.createDriven({
      call: { maxOutputTokens: 9, timeoutMs: 100, maxAttempts: 1, systemPrompt: 'Be terse.' },
    })
    const [first, second] = [answered(items[0]!), answered(items[1]!)]
    await record(first, second)
    const [entry, ...rest] = await stores.driver.loadToJudge(runId, -1, 10)
    expect(rest).toHaveLength(1)
    expect(entry).toEqual({
      id: first.itemId,
      position: 0,
      subject: {
        messageId: answerId(first),
        runId,
        itemId: first.itemId,
        system: 'Be terse.',
        expected: '0',
        notes: null,
        conversation: [
          { role: 'user', content: 'What is 0 + 0?' },
          { role: 'assistant', content: 'It is four.' },
        ],
      },
    })
    await record(judged(first.itemId, judgeCall(answerId(first), { quality: 5 })))
    expect((await stores.driver.loadToJudge(runId, -1, 10)).map(({ id }) => id)).toEqual([second.itemId])
    expect(await stores.driver.loadToJudge(runId, 1, 10)).toEqual([])
  })

  it('completes a run only when no work is left', async () => {
    const { runId, epoch, items, record } = await stores.createDriven({ cases: 2 })
    const [answer, other] = [answered(items[0]!), answered(items[1]!)]
    await record(answer, judged(answer.itemId, judgeCall(answerId(answer), { quality: 5 })), failed(items[1]!.id))
    // Work that a user adds while the driver comes to its end.
    expect(await stores.runs.retryFailed(runId)).toBe(1)
    expect(await stores.driver.finish(runId, epoch, { type: 'done' })).toBe(false)
    expect(await stores.driver.acquire(runId, uuidv7(), leaseMs)).toBeNull()
    await record(other)
    expect(await stores.driver.finish(runId, epoch, { type: 'done' })).toBe(false)
    await record(judged(other.itemId, judgeCall(answerId(other), { quality: 5 })))
    expect(await stores.driver.finish(runId, epoch, { type: 'done' })).toBe(true)
    const run = await stores.runs.get(runId)
    expect(run?.status).toBe('completed')
    expect(run?.finishedAt).not.toBeNull()
    await checkRun(database, runId)
  })

  it('pauses with a reason when the driver stops with work left', async () => {
    const { runId, epoch } = await stores.createDriven()
    const verdict = { type: 'paused', reason: 'over-budget', message: 'Too dear.' } as const
    expect(await stores.driver.finish(runId, epoch, verdict)).toBe(true)
    expect(await stores.runs.get(runId)).toMatchObject({
      status: 'paused',
      statusReason: 'over-budget',
      statusMessage: 'Too dear.',
    })
    await checkRun(database, runId)
  })

  it('pauses a run of which a user asked it, though the driver found nothing to do', async () => {
    const { runId, epoch } = await stores.createDriven()
    await stores.runs.transition(runId, {
      from: ['running'],
      to: 'pausing',
      reason: 'user',
      message: null,
      enqueue: false,
    })
    expect(await stores.driver.finish(runId, epoch, { type: 'done' })).toBe(true)
    expect((await stores.runs.get(runId))?.status).toBe('paused')
  })

  it.each(['done', 'handed-back'] as const)('leaves a cancelled run cancelled when its driver is %s', async (type) => {
    const { runId, epoch, items, record } = await stores.createDriven()
    await record({ type: 'started', itemId: items[0]!.id })
    await stores.runs.transition(runId, { ...cancel, from: ['running'] })
    await record({ type: 'released', itemId: items[0]!.id })
    expect(await stores.driver.finish(runId, epoch, { type })).toBe(true)
    expect((await stores.runs.get(runId))?.status).toBe('cancelled')
    expect(await stores.driver.acquire(runId, uuidv7(), leaseMs)).toBeNull()
    await checkRun(database, runId)
  })

  it('gives the lease up for good: what the driver still had under way is refused', async () => {
    const { runId, epoch, items, record } = await stores.createDriven()
    expect(await stores.driver.finish(runId, epoch, { type: 'handed-back' })).toBe(true)
    await expect(stores.driver.renew(runId, epoch, leaseMs)).rejects.toThrow(LeaseLostError)
    await expect(record(answered(items[0]!))).rejects.toThrow(LeaseLostError)
    expect((await stores.drive(runId)).status).toBe('running')
  })

  it('finds the runs that nobody drives, oldest first', async () => {
    await database.prisma.$executeRawUnsafe(`UPDATE batch_test_runs SET status = 'cancelled'`)
    const waiting = await stores.createRun()
    const held = await stores.createDriven()
    const left = await stores.createDriven()
    await stores.expireLease(left.runId)
    expect(await stores.driver.abandonedRuns(10)).toEqual([waiting.id, left.runId])
    expect(await stores.driver.abandonedRuns(1)).toEqual([waiting.id])
    await stores.expireLease(held.runId)
    expect(await stores.driver.abandonedRuns(10)).toEqual([waiting.id, held.runId, left.runId])
  })

  it('tells the driver at once what a user did, and no other', async () => {
    const [run, other] = [await stores.createRun(), await stores.createRun()]
    const [told, otherTold] = [vi.fn<() => void>(), vi.fn<() => void>()]
    const stop = stores.driver.onControl(run.id, told)
    stores.driver.onControl(other.id, otherTold)
    await stores.runs.transition(run.id, { ...cancel, from: ['queued'] })
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1), 5000)
    stop()
    await stores.runs.transition(run.id, { ...cancel, from: ['cancelled'] })
    await stores.runs.transition(other.id, { ...cancel, from: ['queued'] })
    await vi.waitFor(() => expect(otherTold).toHaveBeenCalledTimes(1), 5000)
    expect(told).toHaveBeenCalledTimes(1)
  })
})
