import type { Criterion } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRecordedData, readJsonl } from '../support/recorded-data.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

interface Prompt {
  prompt_id: string
  prompt: string
}
interface Answer {
  model: string
  prompt_id: string
  response: string
}
interface Verdict {
  judge: string
  prompt_id: string
  model: string
  score: number
}

const folder = findRecordedData('vicuna80')

const overall: Criterion = {
  id: 'overall',
  name: 'Overall',
  description: 'Helpfulness, relevance, accuracy and level of detail together.',
  anchors: { 1: 'Useless.', 4: 'Weak.', 7: 'Good.', 10: 'Excellent.' },
}

describe.skipIf(folder === null)('five recorded models, judged by the recorded GPT-4', () => {
  const prompts = folder ? readJsonl<Prompt>(`${folder}/prompts.jsonl`) : []
  const answers = folder ? readJsonl<Answer>(`${folder}/answers.jsonl`) : []
  const verdicts = folder ? readJsonl<Verdict>(`${folder}/judgments.jsonl`) : []
  const models = [...new Set(answers.map((answer) => answer.model))]
  let system: System
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem({ simulator: { replay: [folder ?? ''] } })
    const cases = prompts.map(({ prompt_id, prompt }) => ({ id: prompt_id, prompt }))
    const suite = await system.client.batch.suites.create.mutate({ name: 'Vicuna 80', cases })
    suiteVersionId = suite.versionId
  })
  afterAll(() => system?.close())

  it('has five models and eighty prompts', () => {
    expect(models).toHaveLength(5)
    expect(prompts).toHaveLength(80)
  })

  it.each(models)('%s: answers byte for byte, scores as in the files', async (model) => {
    const { client } = system
    const { runId } = await client.batch.create.mutate({
      suiteVersionId,
      model: `openai:${model}`,
      concurrency: 16,
      judge: { model: 'openai:gpt-4', criteria: [overall] },
    })
    const run = await waitForRun(client, runId)
    const { items } = await client.batch.items.query({ runId, limit: 500 })

    // The first verdict on each answer is the one that the simulated judge repeats. A score outside
    // 1 to 10 (there is one 0) is no score: it must end as a failed judgment.
    const expected = prompts.map(({ prompt_id }) => {
      const verdict = verdicts.find((row) => row.model === model && row.prompt_id === prompt_id)
      if (!verdict) throw new Error(`No verdict for ${model} on ${prompt_id}.`)
      return { caseId: prompt_id, score: verdict.score >= 1 && verdict.score <= 10 ? verdict.score : null }
    })
    const scored = expected.filter((row) => row.score !== null)
    const sum = scored.reduce((total, row) => total + (row.score ?? 0), 0)

    expect(run.status).toBe('completed')
    expect(run.progress.counts).toMatchObject({
      total: 80,
      judged: scored.length,
      judgeFailed: 80 - scored.length,
      failed: 0,
      pending: 0,
    })
    const [quality] = run.progress.quality
    expect(quality?.n).toBe(scored.length)
    expect((quality?.mean ?? 0) * scored.length).toBeCloseTo(sum, 9)
    expect(items.map((item) => ({ caseId: item.caseId, score: item.scores[0]?.score ?? null }))).toEqual(expected)

    for (const item of items) {
      const recorded = answers.find((row) => row.model === model && row.prompt_id === item.caseId)
      const detail = await client.batch.item.query({ itemId: item.id })
      expect(detail.messages.at(-1)?.content).toBe(recorded?.response)
    }
  })

  it('keeps what the judge said where its score was out of range', async () => {
    const { client } = system
    const { items: runs } = await client.batch.list.query({ model: 'openai:llama-13b' })
    const { items } = await client.batch.items.query({ runId: runs[0]?.id ?? '', state: ['judge_failed'] })
    expect(items.map((item) => item.caseId)).toEqual(['vicuna80-74'])
    const detail = await client.batch.item.query({ itemId: items[0]?.id ?? '' })
    expect(detail.judgments).toEqual([])
    expect(detail.failedCalls[0]?.failure.message).toContain('the score is below 1')
    expect(JSON.parse(detail.failedCalls[0]?.rawText ?? '')).toHaveProperty('overall.score', 0)
  })
})
