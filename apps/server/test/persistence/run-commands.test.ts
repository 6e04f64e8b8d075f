import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { Database } from '../../src/persistence/database.ts'
import { createMessageStore } from '../../src/persistence/message-store.ts'
import { runQueue } from '../../src/persistence/runs/job-queue.ts'
import { checkRun } from './support/check-run.ts'
import {
  answered,
  answerId,
  failed,
  failedJudgeCall,
  judgeCall,
  judged,
  judgeSettings,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

const judgeA = 'anthropic:judge-a'
const judgeB = 'openai:judge-b'

describe.each(testDatabases)('commands on runs on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  beforeAll(async () => void (stores = await openRunStores((database = await open()))))
  afterAll(() => database?.close())

  const jobsOf = async (runId: string) => (await database.boss.findJobs(runQueue, { data: { runId } })).length
  const quality = async (runId: string) =>
    Object.fromEntries(
      (await stores.runs.get(runId))!.progress.quality.map((entry) => [
        `${entry.judgeModel} ${entry.criterion}`,
        entry,
      ]),
    )

  /** A completed run: one item judged, one whose judgment failed, one failed. */
  const createCompleted = async () => {
    const driven = await stores.createDriven()
    const [first, second] = [answered(driven.items[0]!), answered(driven.items[1]!)]
    await driven.record(
      first,
      second,
      failed(driven.items[2]!.id, { kind: 'auth', message: 'No key.', retryable: false }),
    )
    await driven.record(
      judged(first.itemId, judgeCall(answerId(first), { quality: 8, safety: 9 })),
      judged(second.itemId, failedJudgeCall(answerId(second))),
    )
    expect(await stores.driver.finish(driven.runId, driven.epoch, { type: 'done' })).toBe(true)
    return { ...driven, first, second }
  }

  it('moves a run only from the statuses that are named', async () => {
    const run = await stores.createRun()
    const change = { reason: 'user' as const, message: 'Enough.', enqueue: false }
    const refused = await stores.runs.transition(run.id, { ...change, from: ['running', 'paused'], to: 'cancelled' })
    expect(refused).toEqual({ status: 'queued', moved: false })
    expect(await stores.runs.get(run.id)).toEqual(run)
    const moved = await stores.runs.transition(run.id, { ...change, from: ['running', 'queued'], to: 'cancelled' })
    expect(moved).toEqual({ status: 'cancelled', moved: true })
    expect(await stores.runs.get(run.id)).toMatchObject({
      status: 'cancelled',
      statusReason: 'user',
      statusMessage: 'Enough.',
    })
    await checkRun(database, run.id)
  })

  it('sends a job and a new cap when a paused run is resumed', async () => {
    const { runId, epoch } = await stores.createDriven({ budgetMicros: 10 })
    await stores.driver.finish(runId, epoch, { type: 'paused', reason: 'over-budget', message: null })
    const before = await jobsOf(runId)
    const change = { from: ['paused' as const], to: 'queued' as const, reason: null, message: null, enqueue: true }
    await stores.runs.transition(runId, { ...change, budgetMicros: 7_000_000_000 })
    expect(await jobsOf(runId)).toBe(before + 1)
    expect(await stores.runs.get(runId)).toMatchObject({
      status: 'queued',
      statusReason: null,
      budgetMicros: 7_000_000_000,
    })
    expect((await stores.drive(runId)).budgetMicros).toBe(7_000_000_000)
    await stores.runs.transition(runId, { ...change, from: ['running'], budgetMicros: null })
    expect((await stores.runs.get(runId))?.budgetMicros).toBeNull()
    await checkRun(database, runId)
  })

  it('retries what failed, answers and judgments, and wakes a worker', async () => {
    const { runId } = await createCompleted()
    const before = await jobsOf(runId)
    expect(await stores.runs.retryFailed(runId)).toBe(2)
    await checkRun(database, runId)
    expect((await stores.items(runId)).map(({ state, failure }) => [state, failure])).toEqual([
      ['judged', null],
      ['answered', null],
      ['pending', null],
    ])
    expect(await stores.runs.get(runId)).toMatchObject({ status: 'queued', finishedAt: null })
    expect(await jobsOf(runId)).toBe(before + 1)
    const { epoch } = await stores.drive(runId)
    const [item] = await stores.driver.loadPending(runId, -1, 10)
    await stores.driver.record(runId, epoch, [answered(item!)])
    expect((await stores.items(runId))[2]).toMatchObject({ state: 'answered', attempts: 4 })
    await checkRun(database, runId)
  })

  it('retries only the answers that failed in one way, when it is named', async () => {
    const { runId } = await createCompleted()
    expect(await stores.runs.retryFailed(runId, 'timeout')).toBe(0)
    expect(await stores.runs.get(runId)).toMatchObject({ status: 'completed' })
    expect(await stores.runs.retryFailed(runId, 'auth')).toBe(1)
    expect((await stores.items(runId)).map(({ state }) => state)).toEqual(['judged', 'judge_failed', 'pending'])
    await checkRun(database, runId)
  })

  it('leaves a run alone of which nothing failed', async () => {
    const run = await stores.createRun()
    expect(await stores.runs.retryFailed(run.id)).toBe(0)
    expect(await stores.runs.get(run.id)).toEqual(run)
  })

  it('does not start a paused run by retrying', async () => {
    const { runId, epoch, items, record } = await stores.createDriven()
    await record(failed(items[0]!.id))
    await stores.driver.finish(runId, epoch, { type: 'paused', reason: 'user', message: null })
    expect(await stores.runs.retryFailed(runId)).toBe(1)
    expect((await stores.runs.get(runId))?.status).toBe('paused')
    await checkRun(database, runId)
  })

  it('has a run judged again: the same judge replaces its verdicts, another one stands beside them', async () => {
    const { runId, first, second } = await createCompleted()
    expect(await stores.runs.requestJudging(runId, judgeSettings(judgeA), 'all')).toBe(2)
    await checkRun(database, runId)
    expect((await stores.runs.get(runId))?.status).toBe('queued')
    const { epoch } = await stores.drive(runId)
    await stores.driver.record(runId, epoch, [
      judged(first.itemId, judgeCall(answerId(first), { quality: 2, safety: 9 })),
      judged(second.itemId, judgeCall(answerId(second), { quality: 4.5 })),
    ])
    await checkRun(database, runId)
    expect(await quality(runId)).toMatchObject({
      [`${judgeA} quality`]: { n: 2, mean: 3.25, passed: 0 },
      [`${judgeA} safety`]: { n: 1, mean: 9, passed: 1 },
    })
    await stores.runs.requestJudging(runId, judgeSettings(judgeB), 'all')
    await stores.driver.record(runId, epoch, [
      judged(first.itemId, judgeCall(answerId(first), { quality: 10 }, judgeB)),
    ])
    await checkRun(database, runId)
    expect(await quality(runId)).toMatchObject({
      [`${judgeA} quality`]: { n: 2, mean: 3.25 },
      [`${judgeB} quality`]: { n: 1, mean: 10, passed: 1 },
    })
    const { judgments } = await createMessageStore(database).judgmentsOf(answerId(first))
    expect(
      judgments
        .filter(({ criterion }) => criterion === 'quality')
        .map(({ judgeModel, score, current }) => [judgeModel, score, current]),
    ).toEqual([
      [judgeA, 8, false],
      [judgeA, 2, true],
      [judgeB, 10, true],
    ])
  })

  it('has only answers without a verdict judged when that is asked for', async () => {
    const { runId, second } = await createCompleted()
    expect(await stores.runs.requestJudging(runId, judgeSettings(judgeB), 'unjudged')).toBe(1)
    expect((await stores.driver.loadToJudge(runId, -1, 10)).map(({ id }) => id)).toEqual([second.itemId])
    expect((await stores.runs.get(runId))?.judge).toEqual(judgeSettings(judgeB))
    await checkRun(database, runId)
  })

  it('judges the sampled share only, the same items each time', async () => {
    const { runId, epoch, items, record } = await stores.createDriven({ cases: 60, judge: null })
    await record(...items.map((item) => answered(item)))
    await stores.driver.finish(runId, epoch, { type: 'done' })
    const settings = judgeSettings(judgeA, { sampleShare: 0.5 })
    const marked = await stores.runs.requestJudging(runId, settings, 'unjudged')
    expect(marked).toBeGreaterThan(10)
    expect(marked).toBeLessThan(50)
    await checkRun(database, runId)
    const waiting = (await stores.items(runId)).filter(({ judgeWanted }) => judgeWanted).map(({ id }) => id)
    expect(waiting).toHaveLength(marked)
    expect(await stores.runs.requestJudging(runId, settings, 'unjudged')).toBe(marked)
    expect((await stores.items(runId)).filter(({ judgeWanted }) => judgeWanted).map(({ id }) => id)).toEqual(waiting)
  })

  it('stores the verdict on a single message of a run, like any other', async () => {
    const { runId, first } = await createCompleted()
    const subject = (await createMessageStore(database).judgeSubject(answerId(first)))!
    const call = judgeCall(answerId(first), { quality: 1 })
    await stores.runs.recordJudgeCall(subject, call)
    await checkRun(database, runId)
    expect((await quality(runId))[`${judgeA} quality`]).toMatchObject({ n: 1, mean: 1, passed: 0 })
    expect((await stores.runs.get(runId))?.status).toBe('completed')
    await stores.runs.recordJudgeCall(subject, failedJudgeCall(answerId(first)))
    expect((await stores.items(runId))[0]).toMatchObject({ state: 'judged', failure: null })
    await checkRun(database, runId)
  })

  it('says which run is missing', async () => {
    const missing = '019a0000-0000-7000-8000-000000000000'
    await expect(stores.runs.retryFailed(missing)).rejects.toThrow(missing)
    expect(await stores.runs.get(missing)).toBeNull()
  })
})
