import type { ModelPrice } from '@proctor/schema'

const price = (
  model: string,
  effectiveFrom: string,
  inputUsd: number,
  cachedInputUsd: number,
  outputUsd: number,
  source: string,
): ModelPrice => ({
  model,
  effectiveFrom,
  inputMicrosPerMillion: Math.round(inputUsd * 1_000_000),
  cachedInputMicrosPerMillion: Math.round(cachedInputUsd * 1_000_000),
  outputMicrosPerMillion: Math.round(outputUsd * 1_000_000),
  source,
})

const openai = 'https://platform.openai.com/docs/pricing'
const anthropic = 'https://docs.anthropic.com/en/docs/about-claude/pricing'

/**
 * List prices in USD per million tokens: input, cached input, output. The day is the one from which the
 * figure is known to hold. Vendors change them: a newer price is saved beside the old one, which keeps
 * what past runs cost.
 */
export const vendorPrices: readonly ModelPrice[] = [
  // https://platform.openai.com/docs/pricing
  price('openai:gpt-5', '2025-08-07', 1.25, 0.125, 10, openai),
  price('openai:gpt-5-mini', '2025-08-07', 0.25, 0.025, 2, openai),
  price('openai:gpt-5-nano', '2025-08-07', 0.05, 0.005, 0.4, openai),
  price('openai:gpt-4.1', '2025-04-14', 2, 0.5, 8, openai),
  price('openai:gpt-4.1-mini', '2025-04-14', 0.4, 0.1, 1.6, openai),
  price('openai:gpt-4.1-nano', '2025-04-14', 0.1, 0.025, 0.4, openai),
  price('openai:gpt-4o', '2024-10-01', 2.5, 1.25, 10, openai),
  price('openai:gpt-4o-mini', '2024-10-01', 0.15, 0.075, 0.6, openai),
  price('openai:o3', '2025-06-10', 2, 0.5, 8, openai),
  price('openai:o4-mini', '2025-04-16', 1.1, 0.275, 4.4, openai),
  // https://docs.anthropic.com/en/docs/about-claude/pricing
  price('anthropic:claude-opus-4-1', '2025-08-05', 15, 1.5, 75, anthropic),
  price('anthropic:claude-opus-4-5', '2025-11-24', 5, 0.5, 25, anthropic),
  price('anthropic:claude-sonnet-4-0', '2025-05-22', 3, 0.3, 15, anthropic),
  price('anthropic:claude-sonnet-4-5', '2025-09-29', 3, 0.3, 15, anthropic),
  price('anthropic:claude-haiku-4-5', '2025-10-15', 1, 0.1, 5, anthropic),
  price('anthropic:claude-3-5-haiku-latest', '2024-12-01', 0.8, 0.08, 4, anthropic),
]
