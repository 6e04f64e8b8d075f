import type { ProctorClient } from '@proctor/client'
import type { CreateRunRequest, ModelPrice } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const caseCount = 40
const price = (model: string): ModelPrice => ({
  model,
  effectiveFrom: '2026-01-01',
  inputMicrosPerMillion: 1_000_000,
  outputMicrosPerMillion: 10_000_000,
  cachedInputMicrosPerMillion: 500_000,
  source: 'test',
})

describe('money', () => {
  let system: System
  let client: ProctorClient
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem({ simulator: { latencyMs: 5 } })
    client = system.client
    const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    suiteVersionId = (await client.batch.suites.create.mutate({ name: 'Money', cases })).versionId
    await client.batch.prices.save.mutate(price('openai:sim-small'))
    await client.batch.prices.save.mutate(price('openai:sim-large'))
  })
  afterAll(() => system?.close())

  const judge = { model: 'openai:sim-large', criteria: ['clarity'] }
  const start = async (input: Partial<CreateRunRequest>) => {
    const { runId } = await client.batch.create.mutate({
      suiteVersionId,
      model: 'openai:sim-small',
      concurrency: 8,
      ...input,
    })
    return runId
  }

  it('is counted per message and judge call, answers and judging apart, equal to the rows', async () => {
    const run = await waitForRun(client, await start({ judge }))
    const { items } = await client.batch.items.query({ runId: run.id, limit: 500 })
    const sum = items.reduce((total, item) => total + (item.costMicros ?? 0), 0)
    expect(run.progress.cost).toMatchObject({ answersMicros: sum, unpricedCalls: 0 })
    expect(run.progress.cost.judgingMicros).toBeGreaterThan(0)
    const first = items[0]
    // 1 micro-dollar per input token, 10 per output token.
    expect(first?.costMicros).toBe((first?.inputTokens ?? 0) + 10 * (first?.outputTokens ?? 0))
  })

  it('is estimated before as a range that holds the real cost', async () => {
    // The run before gives the model a history of answer lengths.
    const estimate = await client.batch.estimate.query({ suiteVersionId, model: 'openai:sim-small', judge })
    const run = await waitForRun(client, await start({ judge }))
    const spent = run.progress.cost.answersMicros + run.progress.cost.judgingMicros
    expect(estimate).toMatchObject({ items: caseCount, judgedItems: caseCount })
    expect(estimate.total?.lowMicros).toBeLessThanOrEqual(spent)
    expect(estimate.total?.highMicros).toBeGreaterThanOrEqual(spent)
  })

  it('is unknown, not 0, without a price', async () => {
    const estimate = await client.batch.estimate.query({ suiteVersionId, model: 'anthropic:sim-claude', judge })
    expect(estimate.answers).toBeNull()
    expect(estimate.judging).not.toBeNull()
    expect(estimate.total).toBeNull()
    const run = await waitForRun(client, await start({ model: 'anthropic:sim-claude' }))
    expect(run.progress.cost).toEqual({ answersMicros: 0, judgingMicros: 0, unpricedCalls: caseCount })
    const { items } = await client.batch.items.query({ runId: run.id, limit: 1 })
    expect(items[0]?.costMicros).toBeNull()
  })

  it('never passes the cap: the run pauses before, says why, and goes on when the cap is raised', async () => {
    const budgetMicros = 60_000
    const runId = await start({ judge, budgetMicros, call: { maxOutputTokens: 400 } })
    const paused = await waitForRun(client, runId, ['paused'])
    const spent = paused.progress.cost.answersMicros + paused.progress.cost.judgingMicros
    expect(paused.statusReason).toBe('over-budget')
    expect(paused.statusMessage).toContain('Raise the budget')
    expect(spent).toBeLessThanOrEqual(budgetMicros)
    expect(spent).toBeGreaterThan(0)
    expect(paused.progress.counts.running).toBe(0)

    await expect(client.batch.resume.mutate({ runId, budgetMicros: 1 })).rejects.toMatchObject({
      data: { error: { field: 'budgetMicros' } },
    })
    await client.batch.resume.mutate({ runId, budgetMicros: null })
    expect((await waitForRun(client, runId, ['completed'])).progress.counts.judged).toBe(caseCount)
  })

  it('cannot be capped where a price is unknown', async () => {
    await expect(start({ model: 'anthropic:sim-claude', budgetMicros: 1000 })).rejects.toMatchObject({
      data: {
        error: { code: 'unknown-price', field: 'model', mend: expect.stringContaining('Add a price') as string },
      },
    })
  })
})
