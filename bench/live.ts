import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProctorClient } from '@proctor/client'
import { createSimulator } from '@proctor/simulator'
import { startServerProcess } from '../tests/support/server-process.ts'

/**
 * How long an answer takes from the provider's last byte to the event in a subscriber, at about 100
 * answers a second, each of them judged. The server runs in a process of its own; simulator and
 * subscriber share this one, so that both ends are read from one clock.
 */
const answers = 3000
const concurrency = 36
/** 36 calls of 320 ms on average are a little more than 100 answers a second. */
const latencyMs = 220
const jitterMs = 200
/** The first answers pay for just-in-time compilation; they are not counted. */
const warmUpAnswers = 300

export async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'proctor-bench-'))
  const simulator = await createSimulator({ latencyMs, jitterMs, demo: false })
  const server = await startServerProcess({
    PROCTOR_DATA_DIR: join(dataDir, 'database'),
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
  })
  try {
    const delays = await measure(simulator, server.url)
    await report(delays)
  } finally {
    await server.stop()
    await simulator.close()
    await rm(dataDir, { recursive: true })
  }
}

interface Delays {
  delaysMs: number[]
  answersPerSecond: number
}

async function measure(simulator: Awaited<ReturnType<typeof createSimulator>>, url: string): Promise<Delays> {
  const client = createProctorClient({ url })
  const cases = Array.from({ length: answers }, (_, index) => ({
    id: `c${index}`,
    prompt: `Question number ${index}?`,
  }))
  const suite = await client.batch.suites.create.mutate({ name: 'Live', cases })

  const lastByteAtMs = new Map<string, number>()
  simulator.onLastByte((model, prompt) => {
    if (model === 'sim-small') lastByteAtMs.set(prompt, performance.now())
  })
  const arrivedAtMs = new Map<string, number>()
  let isOver = () => {}
  const over = new Promise<void>((resolve) => (isOver = resolve))
  const { runId } = await client.batch.create.mutate({
    suiteVersionId: suite.versionId,
    model: 'openai:sim-small',
    concurrency,
    judge: { model: 'openai:sim-large', criteria: ['helpfulness', 'accuracy', 'clarity'] },
  })
  const subscription = client.batch.onRunEvents.subscribe(
    { runId },
    {
      onData: ({ data }) => {
        if (data.kind !== 'event') return
        const { body } = data.event
        if (body.type === 'item' && body.item.messageId !== null && !arrivedAtMs.has(body.item.promptPreview))
          arrivedAtMs.set(body.item.promptPreview, performance.now())
        if (body.type === 'status' && body.status === 'completed') isOver()
      },
    },
  )
  await over
  subscription.unsubscribe()

  const prompts = [...arrivedAtMs.keys()].slice(warmUpAnswers)
  const delaysMs = prompts.map(
    (prompt) => (arrivedAtMs.get(prompt) ?? Number.NaN) - (lastByteAtMs.get(prompt) ?? Number.NaN),
  )
  if (arrivedAtMs.size !== answers || delaysMs.some(Number.isNaN))
    throw new Error(`${arrivedAtMs.size} of ${answers} answers arrived; the measurement is void.`)
  const times = prompts.map((prompt) => lastByteAtMs.get(prompt) ?? 0)
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000
  return { delaysMs, answersPerSecond: prompts.length / seconds }
}

async function report({ delaysMs, answersPerSecond }: Delays): Promise<void> {
  const sorted = delaysMs.toSorted((a, b) => a - b)
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  const round = (value: number) => Math.round(value * 10) / 10
  const result = {
    p50Ms: round(quantile(0.5)),
    p99Ms: round(quantile(0.99)),
    answersPerSecond: round(answersPerSecond),
  }
  await writeFile(new URL('results/live.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
  process.stdout.write(
    `From the provider's last byte to the subscriber's event: p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, ` +
      `max ${round(quantile(1))} ms at ${result.answersPerSecond} judged answers/s (${sorted.length} answers).\n`,
  )
}
