import type { ProctorClient } from '@proctor/client'
import type { CreateRunRequest } from '@proctor/schema'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const caseCount = 30

describe('judging', () => {
  let system: System
  let client: ProctorClient
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem()
    client = system.client
    const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    suiteVersionId = (await client.batch.suites.create.mutate({ name: 'Judging', cases })).versionId
  })
  afterAll(() => system?.close())
  afterEach(() => {
    system.simulator.configure({ malformedRate: 0, latencyMs: 0 })
    system.simulator.clearStats()
  })

  const judge = (changes: object = {}) => ({ model: 'openai:sim-large', criteria: ['accuracy', 'clarity'], ...changes })
  const start = async (judgeOptions: object | null, model = 'openai:sim-small') => {
    const input = { suiteVersionId, model, judge: judgeOptions } as CreateRunRequest
    return (await client.batch.create.mutate(input)).runId
  }
  const finish = async (judgeOptions: object | null) => waitForRun(client, await start(judgeOptions))

  it('costs one call per answer for all criteria', async () => {
    const run = await finish(judge())
    expect(system.simulator.stats().byModel['sim-large']?.calls).toBe(caseCount)
    expect(run.progress.quality.map(({ criterion, n }) => [criterion, n])).toEqual([
      ['accuracy', caseCount],
      ['clarity', caseCount],
    ])
  })

  it('keeps reasoning, real quotes, confidence, judge and prompt version with each score', async () => {
    const run = await finish(judge())
    const { items } = await client.batch.items.query({ runId: run.id })
    const detail = await client.batch.item.query({ itemId: items[0]?.id ?? '' })
    const answer = detail.messages.at(-1)?.content ?? ''
    for (const judgment of detail.judgments) {
      expect(judgment).toMatchObject({
        judgeModel: 'openai:sim-large',
        promptVersion: 'rubric-1',
        threshold: 7,
        current: true,
      })
      expect(judgment.passed).toBe(judgment.score >= 7)
      expect(judgment.evidence.reasoning).not.toBe('')
      for (const quote of judgment.evidence.quotes) expect(answer).toContain(quote)
    }
    expect(detail.judgments).toHaveLength(2)
  })

  it('works the same through the Anthropic SDK', async () => {
    const run = await waitForRun(client, await start(judge({ model: 'anthropic:sim-claude' }), 'anthropic:sim-claude'))
    expect(run.progress.counts.judged).toBe(caseCount)
  })

  it('begins after the last answer when asked to', async () => {
    system.simulator.configure({ latencyMs: 10 })
    const runId = await start(judge({ when: 'after' }))
    const states: [number, number][] = []
    const over = Promise.withResolvers<void>()
    const subscription = client.batch.onRunEvents.subscribe(
      { runId },
      {
        onData: ({ data }) => {
          if (data.kind !== 'event') return
          if (data.event.body.type === 'progress') {
            const { pending, running, judged } = data.event.body.progress.counts
            states.push([pending + running, judged])
          }
          if (data.event.body.type === 'status' && data.event.body.status === 'completed') over.resolve()
        },
      },
    )
    await waitForRun(client, runId)
    await over.promise
    subscription.unsubscribe()
    expect(states.some(([open]) => open > 0)).toBe(true)
    expect(states.filter(([open, judged]) => open > 0 && judged > 0)).toEqual([])
  })

  it('waits for the button when it is manual, then scores the finished run', async () => {
    const run = await finish(judge({ when: 'manual' }))
    expect(run.progress.counts).toMatchObject({ answered: caseCount, judged: 0, judgeWaiting: 0 })
    const { affectedItems } = await client.batch.judgeRun.mutate({ runId: run.id, judge: judge() })
    expect(affectedItems).toBe(caseCount)
    expect((await waitForRun(client, run.id)).progress.counts.judged).toBe(caseCount)
  })

  it('scores the same sample each time, near the share asked for', async () => {
    const judgedCases = async () => {
      const run = await finish(judge({ sampleShare: 0.3 }))
      const { items } = await client.batch.items.query({ runId: run.id, limit: 500 })
      expect(run.progress.counts.judged + run.progress.counts.answered).toBe(caseCount)
      return items.filter((item) => item.state === 'judged').map((item) => item.caseId)
    }
    const first = await judgedCases()
    expect(first.length).toBeGreaterThan(2)
    expect(first.length).toBeLessThan(20)
    expect(await judgedCases()).toEqual(first)
  })

  it('keeps the judgments of another judge side by side and replaces those of the same one', async () => {
    const run = await finish(judge())
    const runId = run.id
    const { items } = await client.batch.items.query({ runId, limit: 1 })
    const messageId = items[0]?.messageId ?? ''
    const again = await client.judge.judgeMessage.mutate({
      messageId,
      model: 'openai:sim-large',
      criteria: ['accuracy'],
    })
    const accuracy = again.judgments.filter((entry) => entry.criterion === 'accuracy')
    expect(accuracy.map((entry) => entry.current)).toEqual([false, true])

    await client.batch.judgeRun.mutate({ runId, scope: 'all', judge: judge({ model: 'openai:sim-small' }) })
    const rejudged = await waitForRun(client, runId)
    expect(rejudged.progress.quality.map(({ criterion, judgeModel, n }) => [criterion, judgeModel, n])).toEqual([
      ['accuracy', 'openai:sim-large', caseCount],
      ['accuracy', 'openai:sim-small', caseCount],
      ['clarity', 'openai:sim-large', caseCount],
      ['clarity', 'openai:sim-small', caseCount],
    ])
    const all = await client.judge.forMessage.query({ messageId })
    expect(all.judgments).toHaveLength(5)
  })

  it('judges with a criterion of the user', async () => {
    const anchors = { 1: 'Rude.', 4: 'Cold.', 7: 'Friendly.', 10: 'Warm.' }
    const warmth = { id: 'warmth', name: 'Warmth', description: 'Is it kind?', anchors }
    const run = await finish(judge({ criteria: ['accuracy', warmth] }))
    expect(run.progress.quality.map((entry) => entry.criterion)).toEqual(['accuracy', 'warmth'])
    expect(run.judge?.criteria[1]).toEqual(warmth)
  })

  it('repairs a verdict that cannot be used, once; then it is a failure of the judge, not a score', async () => {
    system.simulator.configure({ malformedRate: 1 })
    const run = await finish(judge())
    expect(run.status).toBe('completed')
    expect(run.progress.counts).toMatchObject({ judged: 0, judgeFailed: caseCount, failed: 0 })
    expect(run.progress.quality).toEqual([])
    expect(system.simulator.stats().byModel['sim-large']?.calls).toBe(2 * caseCount)
    const { items } = await client.batch.items.query({ runId: run.id, state: ['judge_failed'], limit: 1 })
    expect(items[0]).toMatchObject({ answerPreview: expect.any(String) as string, failure: { retryable: true } })
    const failed = await client.judge.forMessage.query({ messageId: items[0]?.messageId ?? '' })
    expect(failed.failedCalls[0]?.rawText).toEqual(expect.any(String))

    system.simulator.configure({ malformedRate: 0 })
    await client.batch.retryFailed.mutate({ runId: run.id })
    expect((await waitForRun(client, run.id)).progress.counts).toMatchObject({ judged: caseCount, judgeFailed: 0 })
  })
})
