import type { ProctorClient } from '@proctor/client'
import type { CreateSuiteRequest } from '@proctor/schema'
import type { Simulator } from '@proctor/simulator'
import { findRecordedData, readJsonl } from '../../tests/support/recorded-data.ts'
import { waitForRun } from '../../tests/support/system.ts'
import { asked } from './truth.ts'

export interface BenchRun {
  name: string
  runId: string
  baselineId: string
}

const judge = { model: 'openai:sim-large', criteria: [asked, 'accuracy', 'completeness'] }

/** The folders that the simulated provider replays; an error where they are absent, since nothing can be measured. */
export function recordedFolders(): { vicuna: string; gsm: string } {
  const [vicuna, gsm] = [findRecordedData('vicuna80'), findRecordedData('gsm8k')]
  if (vicuna === null || gsm === null) throw new Error('The recorded runs are absent; see the lines above.')
  return { vicuna, gsm }
}

/** Three recorded runs, each with the run that it is compared with: Vicuna, GSM8K, and Vicuna on a bad day. */
export async function recordRuns(client: ProctorClient, simulator: Simulator): Promise<BenchRun[]> {
  const { vicuna, gsm } = recordedFolders()
  const vicunaCases = readJsonl<{ prompt_id: string; prompt: string }>(`${vicuna}/prompts.jsonl`)
  const gsmCases = readJsonl<{ prompt_id: string; prompt: string; gold: string }>(`${gsm}/prompts.jsonl`)
  const save = async (suite: CreateSuiteRequest) => (await client.batch.suites.create.mutate(suite)).versionId
  const vicunaSuite = await save({
    name: 'Vicuna',
    cases: vicunaCases.map(({ prompt_id: id, prompt }) => ({
      id,
      prompt,
      validators: [
        { type: 'max-words', value: 220 },
        { type: 'not-contains', value: 'As an AI' },
      ],
    })),
  })
  const gsmSuite = await save({
    name: 'Grade school',
    cases: gsmCases.map(({ prompt_id: id, prompt, gold }) => ({
      id,
      prompt,
      validators: [{ type: 'numeric', value: Number(gold.replaceAll(',', '')) }],
    })),
  })
  const record = async (suiteVersionId: string, model: string, sessionId: string, maxAttempts = 5) => {
    await client.batch.prices.save.mutate(price(model))
    const { runId } = await client.batch.create.mutate({
      suiteVersionId,
      model,
      concurrency: 32,
      call: { maxAttempts },
      tag: { mode: 'manual', sessionId, experimentName: sessionId.split('-')[0] ?? sessionId },
      judge,
    })
    const { status } = await waitForRun(client, runId, ['completed'], 600_000)
    if (status !== 'completed') throw new Error(`The run ${sessionId} is ${status}.`)
    return runId
  }
  await client.batch.prices.save.mutate(price(judge.model))
  simulator.configure({ latencyMs: 5, jitterMs: 40 })
  const vicunaBaseline = await record(vicunaSuite, 'openai:alpaca-13b', 'vicuna-alpaca')
  const vicunaRun = await record(vicunaSuite, 'openai:vicuna-13b', 'vicuna-vicuna')
  const gsmBaseline = await record(gsmSuite, 'openai:gpt3-6b_finetuning', 'school-small')
  const gsmRun = await record(gsmSuite, 'openai:gpt3-175b_verification', 'school-large')
  simulator.configure({ errorRate: 0.2, refuseRate: 0.06, malformedRate: 0.15, seed: 5 })
  const faulty = await record(vicunaSuite, 'openai:vicuna-13b', 'vicuna-faulty', 1)
  simulator.configure({ errorRate: 0, refuseRate: 0, malformedRate: 0, latencyMs: 0, jitterMs: 0 })
  return [
    { name: 'vicuna80', runId: vicunaRun, baselineId: vicunaBaseline },
    { name: 'gsm8k', runId: gsmRun, baselineId: gsmBaseline },
    { name: 'faulty', runId: faulty, baselineId: vicunaRun },
  ]
}

/** A judged run as large as the page is made for. */
export async function recordLargeRun(client: ProctorClient, items: number): Promise<string> {
  const { versionId } = await client.batch.suites.create.mutate({
    name: 'Large',
    cases: Array.from({ length: items }, (_, index) => ({
      id: `c${index}`,
      prompt: `Question ${index}?`,
      validators: [{ type: 'max-words' as const, value: 70 }],
    })),
  })
  const { runId } = await client.batch.create.mutate({
    suiteVersionId: versionId,
    model: 'openai:sim-small',
    concurrency: 64,
    judge,
  })
  await waitForRun(client, runId, ['completed'], 600_000)
  return runId
}

function price(model: string) {
  return {
    model,
    effectiveFrom: '2026-01-01',
    inputMicrosPerMillion: 400_000,
    outputMicrosPerMillion: 1_600_000,
    cachedInputMicrosPerMillion: 100_000,
    source: 'Made up for the measurement',
  }
}
