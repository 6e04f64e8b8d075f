import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProctorClient } from '@proctor/client'
import { createSimulator, type Simulator } from '@proctor/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startServerProcess, type ServerProcess } from '../support/server-process.ts'
import { waitForRun } from '../support/system.ts'

const caseCount = 150
const concurrency = 8

describe('a server that is killed in the middle of a run', () => {
  let simulator: Simulator
  let dataDir: string
  let server: ServerProcess

  const startServer = (env: NodeJS.ProcessEnv = {}) =>
    startServerProcess({
      ...env,
      PROCTOR_DATA_DIR: join(dataDir, 'database'),
      DATABASE_URL: '',
      OPENAI_API_KEY: 'test',
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
    })

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'proctor-test-'))
    simulator = await createSimulator({ demo: false, latencyMs: 60, jitterMs: 20 })
    server = await startServer()
  })
  afterEach(async () => {
    await server.stop()
    await simulator.close()
    await rm(dataDir, { recursive: true })
  })

  it('goes on by itself after the restart, loses nothing and pays at most the calls in flight twice', async () => {
    let client = createProctorClient({ url: server.url })
    const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    const suite = await client.batch.suites.create.mutate({ name: 'Crash', cases })
    const { runId } = await client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency,
      judge: { model: 'openai:sim-large', criteria: ['clarity'] },
    })
    const acknowledged = new Map<string, string>()
    for (let kills = 0; kills < 2; kills++) {
      // In the middle of it: some more answers than before the last kill, and far from the end.
      const enough = acknowledged.size + 2 * concurrency
      while (acknowledged.size < enough) {
        const page = await client.batch.items.query({ runId, limit: 500 })
        for (const item of page.items) if (item.messageId) acknowledged.set(item.id, item.messageId)
      }
      await server.kill()
      server = await startServer()
      client = createProctorClient({ url: server.url })
    }

    const run = await waitForRun(client, runId, ['completed'])
    expect(run.progress.counts).toMatchObject({ total: caseCount, judged: caseCount, failed: 0, judgeFailed: 0 })
    const { items } = await client.batch.items.query({ runId, limit: 500 })
    for (const [itemId, messageId] of acknowledged)
      expect(items.find((item) => item.id === itemId)?.messageId).toBe(messageId)
    const messages = await client.session.messages.query({ sessionId: run.sessionId ?? '', limit: 500 })
    expect(messages.items.filter((message) => message.role === 'assistant')).toHaveLength(caseCount)
    const calls = simulator.stats().byModel
    expect(calls['sim-small']?.calls).toBeLessThanOrEqual(caseCount + 2 * concurrency)
    expect(calls['sim-large']?.calls).toBeLessThanOrEqual(caseCount + 2 * concurrency)
  })

  it('does not wait for calls that hang when it is told to stop; their items are pending again', async () => {
    await server.stop()
    server = await startServer({ PROCTOR_DRAIN_SECONDS: '1' })
    simulator.configure({ hangRate: 1 })
    const client = createProctorClient({ url: server.url })
    const suite = await client.batch.suites.create.mutate({ name: 'Hang', cases: [{ id: 'a', prompt: 'Hi' }] })
    const { runId } = await client.batch.create.mutate({ suiteVersionId: suite.versionId, model: 'openai:sim-small' })
    await expect.poll(async () => (await client.batch.get.query({ runId })).progress.counts.running).toBe(1)
    const beforeMs = Date.now()
    await server.stop()
    expect(Date.now() - beforeMs).toBeLessThan(8000)
    simulator.configure({ hangRate: 0 })
    server = await startServer()
    const run = await waitForRun(createProctorClient({ url: server.url }), runId, ['completed'])
    expect(run.progress.counts).toMatchObject({ answered: 1, failed: 0 })
  })

  it('hands its run back on SIGTERM, and the next start finishes it', async () => {
    let client = createProctorClient({ url: server.url })
    const cases = Array.from({ length: 60 }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    const suite = await client.batch.suites.create.mutate({ name: 'Stop', cases })
    const { runId } = await client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency,
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await server.stop()
    server = await startServer()
    client = createProctorClient({ url: server.url })
    await waitForRun(client, runId, ['completed'])
    // Calls in flight were waited for: none was made twice.
    expect(simulator.stats().byModel['sim-small']?.calls).toBe(60)
  })
})
