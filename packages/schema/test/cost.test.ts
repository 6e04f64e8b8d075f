import { describe, expect, it } from 'vitest'
import { costMicros, formatMicros, type ModelPrice } from '../src/index.ts'

const price: ModelPrice = {
  model: 'openai:m',
  effectiveFrom: '2026-01-01',
  inputMicrosPerMillion: 2_500_000,
  outputMicrosPerMillion: 10_000_000,
  cachedInputMicrosPerMillion: 1_250_000,
  source: 'test',
}

describe('cost of a call', () => {
  it('charges fresh input, cached input and output at their own prices', () => {
    // 600 * 2.5 + 400 * 1.25 + 100 * 10 = 1500 + 500 + 1000
    expect(costMicros({ inputTokens: 1000, cachedInputTokens: 400, outputTokens: 100 }, price)).toBe(3000)
  })

  it('rounds a fraction of a micro-dollar up', () => {
    expect(costMicros({ inputTokens: 1, cachedInputTokens: 0, outputTokens: 0 }, price)).toBe(3)
  })

  it('is unknown, not 0, without a price', () => {
    expect(costMicros({ inputTokens: 1000, cachedInputTokens: 0, outputTokens: 100 }, null)).toBeNull()
  })

  it.each([
    [0, '$0.00'],
    [7, '$0.000007'],
    [1200, '$0.0012'],
    [34_567, '$0.0346'],
    [1_234_567, '$1.23'],
  ])('shows %d micro-dollars as %s', (micros, text) => {
    expect(formatMicros(micros)).toBe(text)
  })
})
