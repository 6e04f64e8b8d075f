import { randomUUID } from 'node:crypto'
import type { Item, Progress, RunDetail, RunEvent, RunEventBody } from '@proctor/schema'
import { pino } from 'pino'
import { createApp } from '../apps/server/src/app.ts'
import { builtInCriteria } from '../apps/server/src/domain/judge/criteria.ts'
import type { Services } from '../apps/server/src/workflows/services.ts'

/**
 * The real routers and the real wire over one made-up run that never ends: `itemCount` items and
 * `eventsPerSecond` events. It measures the page, so nothing else is to take the machine's time: the engine
 * and the database, which have benchmarks of their own, are replaced here.
 */
const itemCount = 10_000
const eventsPerSecond = 1000
const tickMs = 20

const runId = '019354d1-0000-7000-8000-000000000000'
const criteria = builtInCriteria.slice(0, 5)
const judgeModel = 'openai:demo-judge'
const items = Array.from({ length: itemCount }, (_, position) => pendingItem(position))
const events: RunEvent[] = []
const waiting = new Set<() => void>()
let changes = 0

function pendingItem(position: number): Item {
  return {
    id: randomUUID(),
    position,
    caseId: `case-${position + 1}`,
    repeat: 1,
    state: 'pending',
    judgeWanted: true,
    promptPreview: `Question ${position + 1}: how does a reader of this table keep their place while rows change?`,
    answerPreview: null,
    messageId: null,
    attempts: 0,
    latencyMs: null,
    timeToFirstTokenMs: null,
    inputTokens: null,
    outputTokens: null,
    costMicros: null,
    validators: { passed: 0, total: 1 },
    scores: [],
    failure: null,
    seq: 0,
  }
}

/** The next state of the next item: pending, answered, judged, and then judged again for ever. */
function changeOne(): RunEventBody {
  const index = changes % itemCount
  const round = Math.floor(changes / itemCount)
  changes += 1
  const before = items[index] ?? pendingItem(index)
  const item: Item =
    round === 0
      ? {
          ...before,
          state: 'answered',
          answerPreview: `Answer ${index + 1}: rows keep their places, and what is new waits until it is asked for.`,
          messageId: randomUUID(),
          attempts: 1,
          latencyMs: 400 + (index % 700),
          timeToFirstTokenMs: 80,
          inputTokens: 120,
          outputTokens: 240,
          costMicros: 54,
          validators: { passed: index % 7 === 0 ? 0 : 1, total: 1 },
        }
      : {
          ...before,
          state: 'judged',
          scores: criteria.map(({ id }, place) => {
            const score = 1 + ((index + place * 3 + round) % 10)
            return { criterion: id, score, passed: score >= 7 }
          }),
        }
  items[index] = { ...item, seq: events.length + 1 }
  return { type: 'item', item }
}

function progress(): Progress {
  const answered = Math.min(changes, itemCount)
  const judged = Math.min(Math.max(0, changes - itemCount), itemCount)
  return {
    counts: {
      total: itemCount,
      pending: itemCount - answered,
      running: 0,
      answered: answered - judged,
      judged,
      judgeFailed: 0,
      failed: 0,
      judgeWaiting: answered - judged,
    },
    quality: criteria.map(({ id }) => ({
      criterion: id,
      judgeModel,
      n: judged,
      mean: judged > 0 ? 5.5 + (changes % 100) / 100 : null,
      passed: Math.floor(judged / 2),
    })),
    validators: { passed: Math.floor(answered * 0.85), total: answered },
    tokens: { input: answered * 120, output: answered * 240, cachedInput: 0 },
    cost: { answersMicros: answered * 54, judgingMicros: judged * 200, unpricedCalls: 0 },
  }
}

function run(): RunDetail {
  return {
    id: runId,
    status: 'running',
    statusReason: null,
    statusMessage: null,
    suite: { id: randomUUID(), name: 'Ten thousand questions', versionId: randomUUID(), version: 1 },
    model: 'openai:demo-large',
    judgeModel,
    sessionId: 'batch-demo-large-20261123-120000',
    experimentName: 'batch-testing-demo-large',
    conversationId: runId,
    progress: progress(),
    latency: { p50Ms: 730, p95Ms: 1080 },
    budgetMicros: null,
    createdAt: new Date().toISOString(),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    lastEventSeq: events.length,
    concurrency: 64,
    repeats: 1,
    call: { maxOutputTokens: 1024, timeoutMs: 120_000, maxAttempts: 5 },
    judge: { model: judgeModel, criteria: [...criteria], when: 'live', sampleShare: 1, threshold: 7 },
  }
}

function append(body: RunEventBody): void {
  events.push({ seq: events.length + 1, at: new Date().toISOString(), body })
}

setInterval(() => {
  const due = (eventsPerSecond * tickMs) / 1000
  for (let index = 1; index < due; index++) append(changeOne())
  append({ type: 'progress', progress: progress() })
  for (const wake of waiting) wake()
  waiting.clear()
}, tickMs)

async function* watchRun(_runId: string, afterSeq: number | null, signal: AbortSignal) {
  let seq = afterSeq ?? events.length
  if (afterSeq === null) yield { kind: 'snapshot' as const, run: run() }
  while (!signal.aborted) {
    while (seq < events.length) {
      const event = events[seq]
      if (event) yield { kind: 'event' as const, event }
      seq += 1
    }
    // oxlint-disable-next-line no-await-in-loop -- the next tick
    await new Promise<void>((resolve) => {
      waiting.add(resolve)
      signal.addEventListener('abort', () => resolve())
    })
  }
}

/** What the page does not ask for is not there, and says so. */
function replay<T extends object>(what: string, given: Partial<T>): T {
  return new Proxy(given, {
    get(target, name, receiver) {
      if (!(name in target)) throw new Error(`The replay has no ${what} ${String(name)}.`)
      return Reflect.get(target, name, receiver)
    },
  }) as T
}

const services = replay<Services>('service', {
  watchRun,
  listCriteria: async () => builtInCriteria.map((entry) => ({ ...entry, builtIn: true, archivedAt: null })),
  listModels: async () => ({ providers: [], models: [] }),
  runs: replay<Services['runs']>('query', {
    get: async () => run(),
    list: async () => ({ items: [run()], nextCursor: null }),
    errorGroups: async () => [],
    listItems: async ({ cursor, limit }) => {
      const from = Number(cursor ?? 0)
      const page = items.slice(from, from + limit)
      return { items: page, nextCursor: from + limit < itemCount ? String(from + limit) : null }
    },
  }),
})

const app = createApp({ services, logger: pino({ level: 'warn' }), webDir: process.argv[2] ?? null })
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, runId })}\n`)
})
