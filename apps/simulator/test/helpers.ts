import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { readJsonLines, type Row } from '../src/jsonl.ts'
import { createSimulator, type SettingsInput, type Simulator } from '../src/index.ts'

const dataRoot = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

/** A folder of the public replay data, or null (said aloud) where it is not at hand. */
export function dataFolder(name: string): string | null {
  if (existsSync(`${dataRoot}${name}/answers.jsonl`)) return `${dataRoot}${name}`
  console.warn(`No recorded data at ${dataRoot}${name}: the tests that need it are skipped.`)
  return null
}

/** The rows of a file of a data folder. */
export function rowsOf(folder: string | null, file: string): Row[] {
  return folder === null ? [] : readJsonLines(`${folder}/${file}`)
}

interface Setup extends AsyncDisposable {
  simulator: Simulator
  openai: OpenAI
  anthropic: Anthropic
}

/** A simulator without the demo, and both SDKs pointed at it, without retries. */
export async function setUp(settings: SettingsInput = {}, apiKey = 'test-key'): Promise<Setup> {
  const simulator = await createSimulator({ demo: false, ...settings })
  return {
    simulator,
    openai: new OpenAI({ baseURL: simulator.openaiBaseUrl, apiKey, maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey, maxRetries: 0 }),
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It should have failed.')
}

/** A plain chat on the OpenAI protocol. */
export function ask(openai: OpenAI, content: string, model = 'sim-large') {
  return openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
}

/** A plain chat on the Anthropic protocol. */
export function askClaude(anthropic: Anthropic, content: string, model = 'sim-claude') {
  return anthropic.messages.create({ model, max_tokens: 4096, messages: [{ role: 'user', content }] })
}

const nonce = '0a1b2c3d'

/** A judge's user message with its fences. */
export function judgePrompt(question: string, answer: string, conversation = ''): string {
  const fence = (name: string, text: string): string => `<${name}-${nonce}>\n${text}\n</${name}-${nonce}>`
  const earlier = conversation === '' ? '' : `${fence('conversation', conversation)}\n\n`
  return `${earlier}${fence('question', question)}\n\nScore this answer:\n\n${fence('answer', answer)}\n\nAnswer in JSON.`
}

/** The schema of a verdict on these criteria. */
export function verdictSchema(criteria: readonly string[]): Record<string, unknown> {
  const texts = { type: 'array', items: { type: 'string' } }
  const criterion = {
    type: 'object',
    properties: {
      reasoning: { type: 'string' },
      quotes: texts,
      score: { type: 'integer' },
      confidence: { type: 'number' },
      suggestions: texts,
    },
    required: ['reasoning', 'quotes', 'score', 'confidence', 'suggestions'],
    additionalProperties: false,
  }
  return {
    type: 'object',
    properties: Object.fromEntries(criteria.map((id) => [id, criterion])),
    required: [...criteria],
    additionalProperties: false,
  }
}

interface CriterionVerdict {
  reasoning: string
  quotes: string[]
  score: number
  confidence: number
  suggestions: string[]
}

/** The raw text of a verdict, asked for on the OpenAI protocol. */
export async function judgeText(
  openai: OpenAI,
  model: string,
  prompt: string,
  criteria = ['relevance'],
): Promise<string> {
  const completion = await openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: prompt }],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'verdict', strict: true, schema: verdictSchema(criteria) },
    },
  })
  return completion.choices[0]?.message.content ?? ''
}

/** A verdict, asked for on the OpenAI protocol. */
export async function judge(openai: OpenAI, model: string, prompt: string, criteria = ['relevance']) {
  return JSON.parse(await judgeText(openai, model, prompt, criteria)) as Record<string, CriterionVerdict>
}

/** Everything that an async iterable yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
