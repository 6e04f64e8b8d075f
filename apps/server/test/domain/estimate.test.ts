import type { ModelPrice, SuiteCase } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import { builtInCriteria } from '../../src/domain/judge/criteria.ts'
import { estimateRun, type EstimateQuestion } from '../../src/domain/pricing/estimate.ts'
import { worstCaseMicros } from '../../src/domain/pricing/worst-case.ts'

const price = (input: number, output: number): ModelPrice => ({
  model: 'openai:m',
  effectiveFrom: '2026-01-01',
  inputMicrosPerMillion: input * 1e6,
  outputMicrosPerMillion: output * 1e6,
  cachedInputMicrosPerMillion: 0,
  source: 'test',
})
const cases: SuiteCase[] = Array.from({ length: 10 }, (_, index) => ({
  id: `c${index}`,
  turns: ['x'.repeat(96)],
  tags: [],
  validators: [],
}))
const question: EstimateQuestion = {
  cases,
  weight: 1,
  repeats: 2,
  concurrency: 4,
  systemPrompt: null,
  maxOutputTokens: 500,
  price: price(1, 10),
  history: { answers: 100, outputTokensP10: 50, outputTokensP90: 200, latencyP50Ms: 1000, latencyP90Ms: 3000 },
  judge: null,
  countTokens: (text) => text.length,
}

describe('the estimate of a run', () => {
  it('counts the input and takes the length of answers from earlier ones', () => {
    const estimate = estimateRun(question)
    // 20 calls: 100 input tokens (96 and 4 of overhead) at 1, 50 to 200 output tokens at 10 micro-dollars.
    expect(estimate.answers).toEqual({ lowMicros: 20 * (100 + 500), highMicros: 20 * (100 + 2000) })
    expect(estimate).toMatchObject({ items: 20, judgedItems: 0, inputTokens: 2000, total: estimate.answers })
    expect(estimate.durationSeconds).toEqual({ low: 5, high: 15 })
  })

  it('caps the answers at the run’s own limit', () => {
    const estimate = estimateRun({ ...question, maxOutputTokens: 50 })
    expect(estimate.answers?.highMicros).toBe(estimate.answers?.lowMicros)
  })

  it('adds the judge for the sampled share', () => {
    const judge = { criteria: builtInCriteria, sampleShare: 1, price: price(1, 10) }
    const all = estimateRun({ ...question, judge })
    expect(all.judgedItems).toBe(20)
    expect(all.judging?.lowMicros).toBeGreaterThan(0)
    expect(all.total?.lowMicros).toBe((all.answers?.lowMicros ?? 0) + (all.judging?.lowMicros ?? 0))
    const some = estimateRun({ ...question, repeats: 50, judge: { ...judge, sampleShare: 0.2 } })
    expect(some.judgedItems / some.items).toBeGreaterThan(0.1)
    expect(some.judgedItems / some.items).toBeLessThan(0.3)
  })

  it('is unknown where a price is unknown, and says so', () => {
    const estimate = estimateRun({
      ...question,
      price: null,
      judge: { criteria: builtInCriteria, sampleShare: 1, price: null },
    })
    expect(estimate).toMatchObject({ answers: null, judging: null, total: null })
    expect(estimate.notes.filter((note) => note.includes('unknown'))).toHaveLength(2)
  })

  it('counts earlier turns again in later ones', () => {
    const twoTurns = [{ ...cases[0], id: 'c', turns: ['x'.repeat(96), 'x'.repeat(96)], tags: [], validators: [] }]
    const one = estimateRun({ ...question, repeats: 1, cases: cases.slice(0, 1) })
    const two = estimateRun({ ...question, repeats: 1, cases: twoTurns })
    expect(two.answers?.lowMicros).toBe(100 + 500 + (200 + 50) + 500)
    expect(two.answers?.lowMicros).toBeGreaterThan(2 * (one.answers?.lowMicros ?? 0))
  })
})

describe('the most that a call can cost', () => {
  it('bounds input tokens by bytes and output by the limit', () => {
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'äöü' }], maxOutputTokens: 100 }
    // 6 bytes and 32 of overhead, for an empty system prompt, schema and tools as well.
    const bound = worstCaseMicros(request, price(1, 10))
    expect(bound).toBeGreaterThanOrEqual(6 + 1000)
    expect(bound).toBeLessThanOrEqual(6 + 4 * 32 + 1000)
  })
})
