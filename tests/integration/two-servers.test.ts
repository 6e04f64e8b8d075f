import { createProctorClient, type RunUpdate } from '@proctor/client'
import { createSimulator, type Simulator } from '@proctor/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresDatabase, postgresUrl } from '../support/databases.ts'
import { startServerProcess, type ServerProcess } from '../support/server-process.ts'
import { waitForRun } from '../support/system.ts'

const caseCount = 120
const concurrency = 6

describe.skipIf(postgresUrl === null)('two servers on one PostgreSQL database', () => {
  let simulator: Simulator
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let servers: ServerProcess[] = []
  let suiteVersionId: string

  const startServer = async () => {
    const server = await startServerProcess({
      DATABASE_URL: database.url,
      OPENAI_API_KEY: 'test',
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
    })
    servers.push(server)
    return { server, client: createProctorClient({ url: server.url }) }
  }

  beforeAll(async () => {
    simulator = await createSimulator({ demo: false, latencyMs: 80, jitterMs: 30 })
    database = await createPostgresDatabase()
    const { client } = await startServer()
    const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    suiteVersionId = (await client.batch.suites.create.mutate({ name: 'Shared', cases })).versionId
  })
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    servers = []
    simulator.clearStats()
  })
  afterAll(async () => {
    await simulator?.close()
    await database?.drop()
  })

  const runInput = () => ({
    suiteVersionId,
    model: 'openai:sim-small',
    concurrency,
    judge: { model: 'openai:sim-large', criteria: ['clarity'] },
  })

  it('a subscriber on one sees every event of a run, whichever of them drives it, and each call is made once', async () => {
    const [first, second] = await Promise.all([startServer(), startServer()])
    const { runId } = await first.client.batch.create.mutate(runInput())
    const updates: RunUpdate[] = []
    const subscription = second.client.batch.onRunEvents.subscribe(
      { runId },
      { onData: ({ data }) => updates.push(data) },
    )
    const run = await waitForRun(second.client, runId)
    const seqs = () => updates.flatMap((update) => (update.kind === 'event' ? [update.event.seq] : []))
    await expect.poll(() => seqs().at(-1), { timeout: 10_000 }).toBe(run.lastEventSeq)
    subscription.unsubscribe()
    const start = updates[0]?.kind === 'snapshot' ? updates[0].run.lastEventSeq : Number.NaN
    expect(seqs()).toEqual(Array.from({ length: run.lastEventSeq - start }, (_, index) => start + 1 + index))
    expect(run.progress.counts.judged).toBe(caseCount)
    expect(simulator.stats().byModel['sim-small']?.calls).toBe(caseCount)
  })

  it('the other goes on with the run of one that is killed, within seconds', async () => {
    const first = await startServer()
    // Slow enough for the run to be far from its end when the other server is up.
    simulator.configure({ latencyMs: 1000 })
    const { runId } = await first.client.batch.create.mutate(runInput())
    const second = await startServer()
    await expect
      .poll(async () => (await first.client.batch.get.query({ runId })).progress.counts.judged)
      .toBeGreaterThan(5)
    const killedAt = Date.now()
    await first.server.kill()
    simulator.configure({ latencyMs: 80 })
    const judgedAtKill = (await second.client.batch.get.query({ runId })).progress.counts.judged
    await expect
      .poll(async () => (await second.client.batch.get.query({ runId })).progress.counts.judged, { timeout: 12_000 })
      .toBeGreaterThan(judgedAtKill)
    expect(Date.now() - killedAt).toBeLessThan(10_000)

    const run = await waitForRun(second.client, runId)
    expect(run.progress.counts).toMatchObject({ judged: caseCount, failed: 0, judgeFailed: 0 })
    const { items } = await second.client.session.messages.query({ sessionId: run.sessionId ?? '', limit: 500 })
    expect(items.filter((message) => message.role === 'assistant')).toHaveLength(caseCount)
    expect(simulator.stats().byModel['sim-small']?.calls).toBeLessThanOrEqual(caseCount + concurrency)
  })
})
