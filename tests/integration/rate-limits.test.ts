import { createProctorClient } from '@proctor/client'
import { createSimulator, type Simulator } from '@proctor/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresDatabase, postgresUrl } from '../support/databases.ts'
import { startServerProcess } from '../support/server-process.ts'
import { startSystem, waitForRun } from '../support/system.ts'

/** 10 calls a second, and no burst of more than 10. */
const limits = { rpm: 600, limitBurstSeconds: 1, latencyMs: 60, jitterMs: 40, demo: false }
const caseCount = 80
const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))

/** Calls that the simulator turned away, as a share of those that it had. */
function refusedShare(simulator: Simulator): number {
  const { calls, rateLimited } = simulator.stats()
  return rateLimited / calls
}

describe('a provider that limits its calls', () => {
  it('is hardly ever asked for more than it allows, at a concurrency far above', async () => {
    const system = await startSystem({ simulator: limits })
    try {
      const suite = await system.client.batch.suites.create.mutate({ name: 'Limited', cases })
      const { runId } = await system.client.batch.create.mutate({
        suiteVersionId: suite.versionId,
        model: 'openai:sim-small',
        concurrency: 32,
      })
      const run = await waitForRun(system.client, runId)
      expect(run.progress.counts.answered).toBe(caseCount)
      expect(refusedShare(system.simulator)).toBeLessThan(0.05)
    } finally {
      await system.close()
    }
  })
})

describe.skipIf(postgresUrl === null)('a provider that limits its calls, and two servers that share them', () => {
  let simulator: Simulator
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  beforeAll(async () => {
    simulator = await createSimulator(limits)
    database = await createPostgresDatabase()
  })
  afterAll(async () => {
    await simulator?.close()
    await database?.drop()
  })

  it('is hardly ever asked for more than it allows by both together', async () => {
    const env = { DATABASE_URL: database.url, OPENAI_API_KEY: 'test', OPENAI_BASE_URL: simulator.openaiBaseUrl }
    const servers = await Promise.all([startServerProcess(env), startServerProcess(env)])
    try {
      const [first, second] = servers.map(({ url }) => createProctorClient({ url }))
      if (!first || !second) throw new Error('There are two servers.')
      const suite = await first.batch.suites.create.mutate({ name: 'Limited', cases })
      const input = { suiteVersionId: suite.versionId, model: 'openai:sim-small', concurrency: 16 }
      // As many runs as it takes for each server to drive some.
      const runs = await Promise.all([first, second, first, second].map((client) => client.batch.create.mutate(input)))
      for (const { runId } of runs) {
        const run = await waitForRun(first, runId)
        expect(run.progress.counts.answered).toBe(caseCount)
      }
      expect(refusedShare(simulator)).toBeLessThan(0.05)
    } finally {
      await Promise.all(servers.map((server) => server.stop()))
    }
  })
})
