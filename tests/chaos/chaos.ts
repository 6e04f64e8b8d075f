import { createProctorClient, type Item, type ProctorClient } from '@proctor/client'
import { createSimulator, type Simulator } from '@proctor/simulator'
import { embeddedStage, pause, postgresqlStage, type Stage } from './stage.ts'

export interface ChaosResult {
  kills: number
  /** Rows that a client had seen and that are gone or changed, and items that never ended. */
  itemsLost: number
  /** Items with more than one answer, and rows beyond the cases. */
  itemsStoredTwice: number
  /** Answers that the provider delivered whole and that were asked for again. */
  callsPaidTwice: number
  /** Calls that were in flight when something was killed: the most that may be paid twice. */
  callsInFlightAtKills: number
  /** Runs that had not ended long after everything was up again. */
  runsStuck: number
  /** Runs whose headline counters differ from their rows. */
  countersWrong: number
}

const caseCount = 240
const concurrency = 8
const killsPerRun = 4
const faults = { latencyMs: 40, jitterMs: 80, errorRate: 0.04, resetRate: 0.02, malformedRate: 0.02 }
const stuckAfterMs = 90_000

/**
 * Kills processes with SIGKILL at random moments of judged runs, half of them on the embedded database and
 * half on two servers that share a PostgreSQL (which is killed as well), and counts what that did.
 * @param random in [0, 1)
 */
export async function runChaos(
  kills: number,
  random: () => number,
  report: (line: string) => void,
): Promise<ChaosResult> {
  const total: ChaosResult = {
    kills: 0,
    itemsLost: 0,
    itemsStoredTwice: 0,
    callsPaidTwice: 0,
    callsInFlightAtKills: 0,
    runsStuck: 0,
    countersWrong: 0,
  }
  for (const open of [embeddedStage, postgresqlStage]) {
    const simulator = await createSimulator({ demo: false, ...faults })
    const stage = await open({ OPENAI_API_KEY: 'test', OPENAI_BASE_URL: simulator.openaiBaseUrl })
    if (stage === null) {
      report('SKIPPED: no PostgreSQL on this machine; only the embedded database was struck.')
      await simulator.close()
      continue
    }
    try {
      for (let done = 0; done < kills / 2; done += killsPerRun)
        await oneRun(stage, simulator, Math.min(killsPerRun, kills / 2 - done), { random, report, total })
    } finally {
      await stage.close()
      await simulator.close()
    }
  }
  return total
}

interface Chaos {
  random: () => number
  report: (line: string) => void
  total: ChaosResult
}

async function oneRun(stage: Stage, simulator: Simulator, kills: number, { random, report, total }: Chaos) {
  const name = `chaos ${stage.name} ${total.kills}`
  const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `${name}: ${index}?` }))
  const delivered = new Map<string, number>()
  simulator.onLastByte((model, prompt) => {
    if (prompt.startsWith(name)) delivered.set(model + prompt, (delivered.get(model + prompt) ?? 0) + 1)
  })
  const client = () => createProctorClient({ url: stage.url() })
  const suite = await patiently(() => client().batch.suites.create.mutate({ name, cases }))
  const { runId } = await patiently(() =>
    client().batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency,
      judge: { model: 'openai:sim-large', criteria: ['clarity'] },
    }),
  )
  const acknowledged = new Map<string, string>()
  let inFlight = 0
  for (let kill = 0; kill < kills; kill++) {
    await pause(100 + random() * 2500)
    for (const item of await patiently(() => itemsOf(client(), runId)))
      if (item.messageId !== null) acknowledged.set(item.id, item.messageId)
    inFlight += simulator.stats().inFlight
    const victim = await stage.strike(random(), random() * 1500)
    total.kills += 1
    report(`${stage.name}: kill ${total.kills} (${victim}), ${acknowledged.size} of ${caseCount} answers seen before`)
  }

  const isOver = await ends(client, runId)
  const items = await patiently(() => itemsOf(client(), runId))
  const run = await patiently(() => client().batch.get.query({ runId }))
  const answers = await patiently(() => answersOf(client(), run.sessionId ?? ''))
  const byId = new Map(items.map((item) => [item.id, item]))
  const gone = [...acknowledged].filter(([id, messageId]) => byId.get(id)?.messageId !== messageId).length
  const open = items.filter(({ state }) => state === 'pending' || state === 'running').length
  const answered = items.filter((item) => item.messageId !== null).length
  total.itemsLost += gone + open + Math.max(0, caseCount - items.length)
  total.itemsStoredTwice += Math.max(0, items.length - caseCount) + Math.max(0, answers - answered)
  total.callsPaidTwice += [...delivered.values()].reduce((sum, count) => sum + count - 1, 0)
  total.callsInFlightAtKills += inFlight
  total.runsStuck += isOver ? 0 : 1
  const { counts } = run.progress
  const isTrue = (['judged', 'judge_failed', 'failed', 'answered'] as const).every((state) => {
    const counted = state === 'judge_failed' ? counts.judgeFailed : counts[state]
    return counted === items.filter((item) => item.state === state).length
  })
  total.countersWrong += isTrue && counts.total === items.length ? 0 : 1
}

async function ends(client: () => ProctorClient, runId: string): Promise<boolean> {
  const deadline = Date.now() + stuckAfterMs
  while (Date.now() < deadline) {
    const run = await patiently(() => client().batch.get.query({ runId }))
    if (run.status === 'completed') return true
    await pause(200)
  }
  return false
}

async function itemsOf(client: ProctorClient, runId: string): Promise<Item[]> {
  const { items } = await client.batch.items.query({ runId, limit: 500 })
  return items
}

async function answersOf(client: ProctorClient, sessionId: string): Promise<number> {
  let answers = 0
  let cursor: string | undefined
  do {
    const page = await client.session.messages.query({ sessionId, limit: 500, ...(cursor ? { cursor } : {}) })
    answers += page.items.filter((message) => message.role === 'assistant').length
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return answers
}

/** A script would try again too while a server or the database comes back. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(250)
    }
  }
}
