import type { RunSummary } from '@proctor/schema'
import { createSuiteInputSchema, runFacetsSchema, runDetailSchema } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { runQueue } from '../../src/persistence/runs/job-queue.ts'
import {
  answered,
  answerId,
  failed,
  failedJudgeCall,
  judged,
  judgeSettings,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

describe.each(testDatabases)('run store on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  beforeAll(async () => void (stores = await openRunStores((database = await open()))))
  afterAll(() => database?.close())

  const listAll = async (
    filter: Partial<Parameters<RunStores['runs']['list']>[0]>,
    limit = 2,
  ): Promise<RunSummary[]> => {
    const found: RunSummary[] = []
    for (let cursor: string | null = null; ;) {
      const page = await stores.runs.list({ ...filter, limit, cursor })
      expect(page.items.length).toBeLessThanOrEqual(limit)
      found.push(...page.items)
      if ((cursor = page.nextCursor) === null) return found
    }
  }
  const idsOf = (runs: RunSummary[]) => runs.map(({ id }) => id)

  it('creates a run with its items, its conversation and the job that starts it', async () => {
    const call = {
      temperature: 0.2,
      maxOutputTokens: 77,
      systemPrompt: 'nul \u0000, half \ud83d',
      timeoutMs: 100,
      maxAttempts: 2,
    }
    const sessionId = `session-${uuidv7()}`
    const options = { cases: 3, repeats: 2, call, sessionId, experimentName: 'created', budgetMicros: 1e15 }
    const run = await stores.createRun(options)
    expect(runDetailSchema.parse(run)).toEqual(run)
    expect(run).toMatchObject({
      status: 'queued',
      sessionId,
      experimentName: 'created',
      repeats: 2,
      budgetMicros: 1e15,
      call: { ...call, systemPrompt: 'nul \ufffd, half \ufffd' },
      judge: judgeSettings(),
      judgeModel: 'anthropic:judge-a',
      startedAt: null,
      latency: { p50Ms: null, p95Ms: null },
      lastEventSeq: 0,
    })
    expect(run.progress.counts).toMatchObject({ total: 6, pending: 6 })
    expect(Math.abs(Date.parse(run.createdAt) - Date.now())).toBeLessThan(60_000)
    expect(await database.boss.findJobs(runQueue, { data: { runId: run.id } })).toHaveLength(1)
    expect(await stores.items(run.id)).toHaveLength(6)
    const conversation = await database.prisma.conversation.findUnique({ where: { id: run.conversationId } })
    expect(conversation).toMatchObject({ sessionId, experimentName: 'created', batchTestRunId: run.id })
  })

  it('creates nothing at all when a part of it fails', async () => {
    const [run, id] = [await stores.createRun(), uuidv7()]
    const suiteVersionId = run.suite.versionId
    await expect(stores.createRun({ id, suiteVersionId, conversationId: run.conversationId })).rejects.toThrow()
    expect(await stores.runs.get(id)).toBeNull()
    expect(await database.prisma.batchTestItem.count({ where: { batchTestRunId: id } })).toBe(0)
    expect(await database.boss.findJobs(runQueue, { data: { runId: id } })).toHaveLength(0)
  })

  it('marks the sampled items for the judge, and none when it is switched off or comes by hand', async () => {
    const wanted = async (judge: Parameters<RunStores['createRun']>[0]) => {
      const run = await stores.createRun({ cases: 40, ...judge })
      return (await stores.items(run.id)).filter(({ judgeWanted }) => judgeWanted).length
    }
    expect(await wanted({ judge: null })).toBe(0)
    expect(await wanted({ judge: judgeSettings(undefined, { when: 'manual' }) })).toBe(0)
    expect(await wanted({ judge: judgeSettings(undefined, { when: 'after' }) })).toBe(40)
    const half = await wanted({ judge: judgeSettings(undefined, { sampleShare: 0.5 }) })
    expect(half).toBeGreaterThan(5)
    expect(half).toBeLessThan(35)
  })

  it('gives a new session id to one of the runs that ask for it at once', async () => {
    const sessionId = `batch-${uuidv7()}`
    const { suite } = await stores.createRun()
    const base = { suiteVersionId: suite.versionId, sessionId, isNewSession: true }
    const made = await Promise.all([1, 2, 3].map(() => stores.tryCreateRun(base)))
    expect(made.filter(Boolean)).toHaveLength(1)
    expect(await listAll({ text: sessionId })).toHaveLength(1)
    // By hand, adding a run to a session that exists is on purpose.
    await stores.createRun({ ...base, isNewSession: false })
    expect(await listAll({ text: sessionId })).toHaveLength(2)
  })

  it('lists runs newest first, page by page, each once', async () => {
    const made: string[] = []
    for (let index = 0; index < 5; index++) made.unshift((await stores.createRun({ experimentName: 'paged' })).id)
    expect(idsOf(await listAll({ experimentName: 'paged' }))).toEqual(made)
    expect(idsOf(await listAll({ experimentName: 'paged' }, 5))).toEqual(made)
  })

  it('filters runs by status, experiment, model and part of a name', async () => {
    const sessionId = `Find_Me-${uuidv7()}`
    const one = await stores.createRun({ sessionId, experimentName: 'filter 100% one', model: 'openai:rare-1' })
    const two = await stores.createRun({ experimentName: 'filter 1000 two', model: 'openai:rare-2' })
    await stores.drive(two.id)
    const find = async (filter: Parameters<typeof listAll>[0]) => idsOf(await listAll(filter))
    expect(await find({ model: 'openai:rare-1' })).toEqual([one.id])
    expect(await find({ experimentName: 'filter 1000 two' })).toEqual([two.id])
    expect(await find({ status: ['running'], text: 'filter 1' })).toEqual([two.id])
    expect(await find({ status: ['running', 'queued'], text: 'FILTER 1' })).toEqual([two.id, one.id])
    expect(await find({ text: '100%' })).toEqual([one.id])
    expect(await find({ text: 'find_me' })).toEqual([one.id])
    expect(await find({ text: 'find.me' })).toEqual([])
    expect(await find({ text: two.suite.name.slice(2) })).toEqual([two.id])
    expect(await find({ text: 'no such \u0000' })).toEqual([])
  })

  it('filters runs by suite and by when they were created', async () => {
    const run = await stores.createRun({ experimentName: 'dated' })
    const find = async (filter: Parameters<typeof listAll>[0]) => idsOf(await listAll(filter))
    expect(await find({ suiteId: run.suite.id })).toEqual([run.id])
    expect(await find({ suiteId: uuidv7() })).toEqual([])
    const createdMs = Date.parse(run.createdAt)
    const at = (plusMs: number) => new Date(createdMs + plusMs).toISOString()
    expect(await find({ experimentName: 'dated', from: at(0) })).toEqual([run.id])
    expect(await find({ experimentName: 'dated', from: at(1) })).toEqual([])
    expect(await find({ experimentName: 'dated', to: at(1) })).toEqual([run.id])
    expect(await find({ experimentName: 'dated', to: at(0) })).toEqual([])
  })

  it('knows what there is to filter by: the newest experiment first, suites only with runs', async () => {
    const run = await stores.createRun({ experimentName: 'facet a', model: 'openai:facet' })
    await stores.createRun({ experimentName: 'facet b' })
    await stores.createRun({ experimentName: 'facet a' })
    const unused = await stores.suites.save(
      createSuiteInputSchema.parse({ name: `unused ${uuidv7()}`, cases: [{ id: 'a', prompt: 'Hi' }] }),
    )
    const facets = await stores.runs.facets()
    expect(runFacetsSchema.parse(facets)).toEqual(facets)
    expect(facets.experiments.slice(0, 2)).toEqual(['facet a', 'facet b'])
    expect(facets.models).toContain('openai:facet')
    expect(facets.suites).toContainEqual({ id: run.suite.id, name: run.suite.name })
    expect(facets.suites.map(({ id }) => id)).not.toContain(unused.id)
  })

  it('lists items by position, state, failure and part of a text', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 5 })
    const second = answered(items[1]!, { text: 'A 50% chance' })
    await record(answered(items[0]!), second, failed(items[2]!.id), failed(items[3]!.id, { kind: 'auth' }))
    await record(judged(second.itemId, failedJudgeCall(answerId(second))))
    const find = async (filter: object) => {
      const page = await stores.runs.listItems({ runId, limit: 10, ...filter })
      return page.items.map(({ position }) => position)
    }
    expect(await find({ state: ['failed'] })).toEqual([2, 3])
    expect(await find({ state: ['answered', 'pending'] })).toEqual([0, 4])
    expect(await find({ failureKind: 'auth' })).toEqual([3])
    expect(await find({ failureKind: 'unknown' })).toEqual([1])
    expect(await find({ text: '50%' })).toEqual([1])
    expect(await find({ text: 'CASE-3' })).toEqual([3])
    expect(await find({ text: '4 + 4' })).toEqual([4])
    const first = await stores.runs.listItems({ runId, limit: 3 })
    const rest = await stores.runs.listItems({ runId, limit: 3, cursor: first.nextCursor })
    expect([...first.items, ...rest.items].map(({ position }) => position)).toEqual([0, 1, 2, 3, 4])
    expect(rest.nextCursor).toBeNull()
  })

  it('groups failures by stage, kind and message, the most frequent first', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 6 })
    const last = answered(items[5]!)
    const key = { kind: 'auth', message: 'No key.', retryable: false } as const
    await record(
      failed(items[0]!.id),
      failed(items[1]!.id),
      failed(items[2]!.id),
      failed(items[3]!.id, key),
      failed(items[4]!.id, key),
      last,
    )
    await record(judged(last.itemId, failedJudgeCall(answerId(last))))
    expect(await stores.runs.errorGroups(runId)).toEqual([
      { stage: 'answer', kind: 'timeout', message: 'The call took too long.', count: 3, retryable: true },
      { stage: 'answer', ...key, count: 2 },
      { stage: 'judge', kind: 'unknown', message: 'The call took too long.', count: 1, retryable: true },
    ])
  })

  it('knows what earlier answers of a model were like once there are enough', async () => {
    const { items, record } = await stores.createDriven({ cases: 21, model: 'openai:with-history' })
    await record(...items.slice(0, 19).map((item) => answered(item)))
    expect(await stores.runs.modelHistory('openai:with-history')).toBeNull()
    await record(...items.slice(19).map((item) => answered(item)))
    expect(await stores.runs.modelHistory('openai:with-history')).toEqual({
      answers: 21,
      outputTokensP10: 7,
      outputTokensP90: 7,
      latencyP50Ms: 120.5,
      latencyP90Ms: 120.5,
    })
    expect(await stores.runs.modelHistory('openai:unheard-of')).toBeNull()
  })
})
