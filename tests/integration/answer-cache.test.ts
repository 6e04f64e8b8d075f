import type { CreateRunRequest } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const cases = Array.from({ length: 6 }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))

describe('a run that may use earlier answers', () => {
  let system: System
  let suiteVersionId: string
  beforeAll(async () => {
    system = await startSystem()
    suiteVersionId = (await system.client.batch.suites.create.mutate({ name: 'Cached', cases })).versionId
    const free = { inputMicrosPerMillion: 1_000_000, outputMicrosPerMillion: 2_000_000, source: 'a test' }
    await system.client.batch.prices.save.mutate({
      ...free,
      model: 'openai:sim-small',
      effectiveFrom: '2026-01-01',
      cachedInputMicrosPerMillion: 100_000,
    })
  })
  afterAll(() => system?.close())

  /** A finished run, with the calls that it made. */
  const run = async (changes: Partial<CreateRunRequest> = {}) => {
    system.simulator.clearStats()
    const input = { suiteVersionId, model: 'openai:sim-small', call: { useCache: true }, ...changes }
    const { runId } = await system.client.batch.create.mutate(input)
    const done = await waitForRun(system.client, runId)
    const { items } = await system.client.batch.items.query({ runId, limit: 100 })
    return { run: done, items, calls: system.simulator.stats().byModel['sim-small']?.calls ?? 0 }
  }

  it('calls the model once; the second time the answers are the same, marked, free and without a latency', async () => {
    const first = await run()
    expect(first.calls).toBe(6)
    expect(first.run.progress.cost.answersMicros).toBeGreaterThan(0)
    const second = await run()
    expect(second.calls).toBe(0)
    expect(second.run.progress.counts.answered).toBe(6)
    expect(second.run.progress.cost).toEqual({ answersMicros: 0, judgingMicros: 0, unpricedCalls: 0 })
    expect(second.run.latency).toEqual({ p50Ms: null, p95Ms: null })
    expect(second.items.map((item) => item.answerPreview)).toEqual(first.items.map((item) => item.answerPreview))
    const [item] = second.items
    const detail = await system.client.batch.item.query({ itemId: item?.id ?? '' })
    expect(detail.messages.map(({ role, fromCache }) => [role, fromCache])).toEqual([
      ['user', false],
      ['assistant', true],
    ])
  })

  it('calls anew for whatever is different: another setting, another repeat, a run that did not ask for it', async () => {
    expect((await run()).calls).toBe(0)
    expect((await run({ call: { useCache: true, temperature: 0.5 } })).calls).toBe(6)
    expect((await run({ call: { useCache: true, systemPrompt: 'Be brief.' } })).calls).toBe(6)
    expect((await run({ repeats: 2 })).calls).toBe(6)
    expect((await run({ call: {} })).calls).toBe(6)
  })

  it('keeps no failure', async () => {
    system.simulator.configure({ refuseRate: 1 })
    const call = { useCache: true, systemPrompt: 'Refuse.' }
    const refused = await run({ call })
    expect(refused.run.progress.counts.failed).toBe(6)
    system.simulator.configure({ refuseRate: 0 })
    expect((await run({ call })).calls).toBe(6)
  })
})
