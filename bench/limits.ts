import { writeFile } from 'node:fs/promises'
import { startSystem, waitForRun } from '../tests/support/system.ts'

/**
 * A provider that allows 600 requests a minute, and no burst beyond a second's worth: how many of the
 * calls of a run of 200 prompts at concurrency 32 are refused, and how long it takes beside the ideal.
 */
const prompts = 200
const concurrency = 32
const perMinute = 600
const burstSeconds = 1
const latencyMs = 50

export async function run(): Promise<void> {
  const system = await startSystem({ simulator: { rpm: perMinute, limitBurstSeconds: burstSeconds, latencyMs } })
  try {
    const cases = Array.from({ length: prompts }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}?` }))
    const suite = await system.client.batch.suites.create.mutate({ name: 'Limits', cases })
    const startMs = performance.now()
    const { runId } = await system.client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency,
    })
    const { progress } = await waitForRun(system.client, runId)
    const seconds = (performance.now() - startMs) / 1000
    const { calls, rateLimited } = system.simulator.stats()
    // The bucket is full at the start; what it does not hold has to wait for the refill.
    const perSecond = perMinute / 60
    const idealSeconds = (prompts - perSecond * burstSeconds) / perSecond + latencyMs / 1000
    const result = {
      answered: progress.counts.answered,
      calls,
      refused: rateLimited,
      refusedShare: rateLimited / calls,
      seconds,
      idealSeconds,
      ofIdeal: seconds / idealSeconds,
    }
    await writeFile(new URL('results/limits.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  } finally {
    await system.close()
  }
}
