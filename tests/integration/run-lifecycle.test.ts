import type { ProctorClient } from '@proctor/client'
import type { CreateRunRequest } from '@proctor/schema'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const caseCount = 40
const judge = { model: 'openai:sim-large', criteria: ['accuracy', 'clarity'] }

describe('a run', () => {
  let system: System
  let client: ProctorClient
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem()
    client = system.client
    const cases = Array.from({ length: caseCount }, (_, index) => ({
      id: `c${index}`,
      prompt: `Question ${index}`,
      validators: [{ type: 'contains' as const, value: 'Question', ignoreCase: true }],
    }))
    suiteVersionId = (await client.batch.suites.create.mutate({ name: 'Lifecycle', cases })).versionId
  })
  afterAll(() => system?.close())
  afterEach(() => {
    system.simulator.configure({ latencyMs: 0, rpm: 0, errorRate: 0, malformedRate: 0, refuseRate: 0, resetRate: 0 })
    system.simulator.clearStats()
  })

  const start = async (input: Partial<CreateRunRequest> = {}) => {
    const { runId } = await client.batch.create.mutate({ suiteVersionId, model: 'openai:sim-small', ...input })
    return runId
  }
  const countOf = (model: string) => system.simulator.stats().byModel[model]?.calls ?? 0
  const waitUntil = async (condition: () => Promise<boolean>) => {
    for (let tries = 0; tries < 1000; tries++) {
      if (await condition()) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error('Waited in vain.')
  }

  it('answers every case and checks it, without a judge when none is asked for', async () => {
    const run = await waitForRun(client, await start())
    expect(run.status).toBe('completed')
    expect(run.progress.counts).toMatchObject({ total: caseCount, answered: caseCount, judged: 0, judgeWaiting: 0 })
    expect(run.progress.validators.total).toBe(caseCount)
    expect(countOf('sim-large')).toBe(0)
    expect(run.latency.p50Ms).toBeGreaterThan(0)
  })

  it('stores a tagged conversation whose messages are the exchanges', async () => {
    const runId = await start({ tag: { mode: 'manual', sessionId: 'my-session:1', experimentName: 'my experiment' } })
    await waitForRun(client, runId)
    const session = await client.session.get.query({ sessionId: 'my-session:1' })
    expect(session).toMatchObject({ experimentName: 'my experiment', messageCount: 2 * caseCount, runIds: [runId] })
    const page = await client.session.messages.query({ sessionId: 'my-session:1', limit: 500 })
    expect(page.items.filter((message) => message.role === 'assistant')).toHaveLength(caseCount)
    expect(page.items.every((message) => message.itemId !== null)).toBe(true)
  })

  it('gives a second automatic tag in the same second the suffix -2', async () => {
    const tags = await Promise.all(
      [1, 2, 3].map(() => client.batch.create.mutate({ suiteVersionId, model: 'openai:sim-small' })),
    )
    await Promise.all(tags.map((tag) => waitForRun(client, tag.runId)))
    const sessions = tags.map((tag) => tag.sessionId)
    expect(new Set(sessions).size).toBe(3)
  })

  it('carries no tag on request', async () => {
    const result = await client.batch.create.mutate({
      suiteVersionId,
      model: 'openai:sim-small',
      tag: { mode: 'none' },
    })
    expect(result).toMatchObject({ sessionId: null, experimentName: null })
    await waitForRun(client, result.runId)
  })

  it('runs each case as often as asked for', async () => {
    const runId = await start({ repeats: 3 })
    const run = await waitForRun(client, runId)
    expect(run.progress.counts.answered).toBe(3 * caseCount)
    const { items } = await client.batch.items.query({ runId, limit: 500 })
    expect(items.filter((item) => item.caseId === 'c7').map((item) => item.repeat)).toEqual([1, 2, 3])
  })

  it('keeps to its concurrency', async () => {
    system.simulator.configure({ latencyMs: 30 })
    await waitForRun(client, await start({ concurrency: 5 }))
    expect(system.simulator.stats().peakInFlight).toBe(5)
  })

  it('pauses after the calls in flight, makes no call while paused, and goes on where it stood', async () => {
    system.simulator.configure({ latencyMs: 50 })
    const runId = await start({ concurrency: 4, judge: { ...judge, when: 'live' } })
    await waitUntil(async () => (await client.batch.get.query({ runId })).progress.counts.judged > 0)
    await client.batch.pause.mutate({ runId })
    const paused = await waitForRun(client, runId, ['paused'])
    expect(paused.statusReason).toBe('user')
    expect(paused.progress.counts.running).toBe(0)
    expect(paused.progress.counts.pending).toBeGreaterThan(0)
    const callsWhilePaused = system.simulator.stats().calls
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(system.simulator.stats().calls).toBe(callsWhilePaused)
    await client.batch.resume.mutate({ runId })
    const run = await waitForRun(client, runId, ['completed'])
    expect(run.progress.counts.judged).toBe(caseCount)
    expect(countOf('sim-small')).toBe(caseCount)
    expect(countOf('sim-large')).toBe(caseCount)
  })

  it('stops calls in flight when it is cancelled; their items are pending, not failed', async () => {
    system.simulator.configure({ latencyMs: 5000 })
    const runId = await start({ concurrency: 4 })
    await waitUntil(async () => system.simulator.stats().inFlight === 4)
    await client.batch.cancel.mutate({ runId })
    await waitUntil(async () => (await client.batch.get.query({ runId })).progress.counts.running === 0)
    const run = await client.batch.get.query({ runId })
    expect(run.status).toBe('cancelled')
    expect(run.progress.counts).toMatchObject({ pending: caseCount, failed: 0 })
    expect(system.simulator.stats().inFlight).toBe(0)
    await expect(client.batch.resume.mutate({ runId })).rejects.toMatchObject({ data: { error: { code: 'conflict' } } })
    await expect(client.batch.retryFailed.mutate({ runId })).rejects.toMatchObject({
      data: { error: { code: 'conflict' } },
    })
  })

  it('repeats calls that fail for a moment, and stores each answer once', async () => {
    system.simulator.configure({ errorRate: 0.2 })
    const run = await waitForRun(client, await start({ concurrency: 16, call: { maxAttempts: 8 } }))
    expect(run.progress.counts).toMatchObject({ answered: caseCount, failed: 0 })
    const { items } = await client.batch.items.query({ runId: run.id, limit: 500 })
    const retried = items.filter((item) => item.attempts > 1)
    expect(retried.length).toBeGreaterThan(0)
    const detail = await client.batch.item.query({ itemId: retried[0]?.id ?? '' })
    expect(detail.messages.at(-1)?.attempts[0]).toMatchObject({ httpStatus: expect.any(Number) as number })
  })

  it('waits for a rate limit instead of failing', async () => {
    // The simulated allowance is a bucket of a minute's calls that refills evenly: 30 are there, then 1 every 2 s.
    system.simulator.configure({ rpm: 30 })
    const cases = Array.from({ length: 32 }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    const suite = await client.batch.suites.create.mutate({ name: 'Rate limit', cases })
    const run = await waitForRun(client, await start({ suiteVersionId: suite.versionId, concurrency: 16 }))
    expect(run.progress.counts).toMatchObject({ answered: 32, failed: 0 })
    // Once it is known that nothing is left, nobody asks again before the named time.
    expect(system.simulator.stats().rateLimited).toBeLessThan(16)
  })

  it('ends with failed items when the provider refuses them, and retries just those', async () => {
    system.simulator.configure({ refuseRate: 0.5 })
    const runId = await start({ judge: { ...judge, when: 'after' } })
    const run = await waitForRun(client, runId)
    const { failed, judged, judgeFailed } = run.progress.counts
    expect(run.status).toBe('completed')
    expect(failed).toBeGreaterThan(0)
    expect(failed + judged + judgeFailed).toBe(caseCount)
    const groups = await client.batch.errors.query({ runId })
    expect(groups.find((group) => group.stage === 'answer')).toMatchObject({ kind: 'refused', count: failed })

    system.simulator.configure({ refuseRate: 0 })
    const retried = await client.batch.retryFailed.mutate({ runId })
    expect(retried.affectedItems).toBe(failed + judgeFailed)
    const mended = await waitForRun(client, runId)
    expect(mended.progress.counts).toMatchObject({ failed: 0, judgeFailed: 0, judged: caseCount })
  })

  it('completes with a provider that is down; retryFailed mends it', async () => {
    const down = await startSystem({ variables: { OPENAI_API_KEY: 'x', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } })
    try {
      const cases = [{ id: 'a', prompt: 'Hi' }]
      const suite = await down.client.batch.suites.create.mutate({ name: 'Down', cases })
      const call = { maxAttempts: 2 }
      const { runId } = await down.client.batch.create.mutate({
        suiteVersionId: suite.versionId,
        model: 'openai:m',
        call,
      })
      const run = await waitForRun(down.client, runId)
      expect(run.progress.counts.failed).toBe(1)
      const { items } = await down.client.batch.items.query({ runId })
      expect(items[0]).toMatchObject({ attempts: 2, failure: { kind: 'connection', retryable: true } })
      const { tries } = await down.client.batch.item.query({ itemId: items[0]?.id ?? '' })
      expect(tries.map((entry) => entry.kind)).toEqual(['connection', 'connection'])
    } finally {
      await down.close()
    }
  })
})
