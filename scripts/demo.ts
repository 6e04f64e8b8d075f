import { readFile } from 'node:fs/promises'
import type { ProctorClient } from '@proctor/client'
import { createSuiteInputSchema, type CreateSuiteResult, type ModelPrice } from '@proctor/schema'

const suiteFile = new URL('../apps/simulator/demo/suite.json', import.meta.url)

/** Saves the demo suite; saving the same content again changes nothing. */
export async function loadDemoSuite(client: ProctorClient): Promise<CreateSuiteResult> {
  const suite = createSuiteInputSchema.parse(JSON.parse(await readFile(suiteFile, 'utf8')))
  const cases = suite.cases.map((entry) => ({ ...entry }))
  return client.batch.suites.create.mutate({ ...suite, cases })
}

const simulatedPrices: ModelPrice[] = [
  price('openai:demo-large', 2.5, 10),
  price('openai:demo-small', 0.15, 0.6),
  price('openai:demo-mini', 0.05, 0.2),
  price('openai:demo-judge', 1, 4),
]

/** Starts a judged run of the demo suite when there is no run yet. */
export async function startDemoRun(client: ProctorClient, suiteVersionId: string): Promise<void> {
  const known = new Set((await client.batch.prices.list.query()).map((entry) => entry.model))
  for (const entry of simulatedPrices) if (!known.has(entry.model)) await client.batch.prices.save.mutate(entry)
  const { items } = await client.batch.list.query({ limit: 1 })
  if (items.length > 0) return
  await client.batch.create.mutate({
    suiteVersionId,
    model: 'openai:demo-large',
    concurrency: 3,
    judge: {
      model: 'openai:demo-judge',
      criteria: ['helpfulness', 'accuracy', 'clarity', 'safety', 'completeness'],
    },
  })
}

/** Made-up prices in the range of real ones, so that the demo shows how cost is counted. */
function price(model: string, inputUsdPerMillion: number, outputUsdPerMillion: number): ModelPrice {
  return {
    model,
    effectiveFrom: '2026-01-01',
    inputMicrosPerMillion: Math.round(inputUsdPerMillion * 1_000_000),
    outputMicrosPerMillion: Math.round(outputUsdPerMillion * 1_000_000),
    cachedInputMicrosPerMillion: Math.round(inputUsdPerMillion * 250_000),
    source: 'Made up for the simulated models',
  }
}
