import { findCitations, findFigures, type ObserverEntry } from '@proctor/schema'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../apps/server/src/persistence/embedded/open-embedded.ts'
import { askObserver } from '../tests/support/observer.ts'
import { startSystem, type System } from '../tests/support/system.ts'
import { questions, type Expected, type Question } from './observer/questions.ts'
import { recordedFolders, recordLargeRun, recordRuns, type BenchRun } from './observer/runs.ts'
import { readTruth, type Truth } from './observer/truth.ts'

/**
 * 60 questions (20 about each of three recorded runs) to the built-in analyst and to a scripted model: every figure
 * and every citation of every answer against SQL over the stored rows. And on a run of 10,000 items: how long the
 * first word takes with a model that takes no time, and how large the context gets.
 */
const largeRunItems = 10_000
const rounds = 3
const model = 'openai:sim-large'

interface Answered {
  run: BenchRun
  question: Question
  by: 'analyst' | 'model'
  entry: ObserverEntry
}

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'proctor-bench-'))
  const dataDir = join(folder, 'database')
  const { vicuna, gsm } = recordedFolders()
  try {
    const { answered, runs, firstTokenMs, contextTokens } = await ask(dataDir, [vicuna, gsm])
    await report(await check(dataDir, runs, answered), answered.length, firstTokenMs, contextTokens)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Everything that needs the running system; it is closed before the stored rows are looked at. */
async function ask(dataDir: string, replay: string[]) {
  const system = await startSystem({ dataDir, simulator: { replay } })
  try {
    let contextTokens = 0
    const runs = await recordRuns(system.client, system.simulator)
    const largeRunId = await recordLargeRun(system.client, largeRunItems)
    system.simulator.onRequest((body) => (contextTokens = Math.max(contextTokens, sizeOf(body))))
    const answered = await askEverything(system, runs)
    const firstTokenMs = await measureFirstTokens(system, largeRunId)
    await lookAtEverything(system, largeRunId)
    return { answered, runs, firstTokenMs, contextTokens }
  } finally {
    await system.close()
  }
}

async function askEverything({ client, simulator }: System, runs: readonly BenchRun[]): Promise<Answered[]> {
  simulator.configure({
    script: questions.map(({ text, calls, says }) => ({ when: text, replies: [{ calls }, { text: says }] })),
  })
  const answered: Answered[] = []
  for (const each of runs)
    for (const question of questions)
      for (const by of ['analyst', 'model'] as const) {
        const asked = { runId: each.runId, text: question.text, model: by === 'model' ? model : null }
        answered.push({ run: each, question, by, entry: await askObserver(client, asked) })
      }
  return answered
}

/** From sending the question to the first piece of text in the subscriber. */
async function measureFirstTokens({ client }: System, runId: string): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++)
    for (const { text } of questions)
      for (const answers of [null, model]) {
        const startMs = performance.now()
        await client.observer.ask.mutate({ runId, text, model: answers })
        times.push(
          await new Promise<number>((resolve, reject) => {
            let firstMs: number | null = null
            const subscription = client.observer.onAnswer.subscribe(
              { runId },
              {
                onData: (event) => {
                  if (event.type === 'text') firstMs ??= performance.now() - startMs
                  if (event.type !== 'done' && event.type !== 'idle') return
                  subscription.unsubscribe()
                  // An answer that was over before one could listen had its first word before, too.
                  resolve(firstMs ?? performance.now() - startMs)
                },
                onError: reject,
              },
            )
          }),
        )
      }
  return times
}

/** A model that asks for as much as it can, as long as it can: what the context must withstand. */
async function lookAtEverything({ client, simulator }: System, runId: string): Promise<void> {
  const calls = [
    { name: 'list_items', arguments: { sort: 'slowest', limit: 8 } },
    { name: 'list_items', arguments: { sort: 'lowest', criterion: 'accuracy', limit: 8 } },
    { name: 'get_item', arguments: { number: 5000 } },
  ]
  simulator.configure({ script: [{ when: 'everything', replies: [{ calls }] }] })
  await askObserver(client, { runId, text: 'Look at everything.', model })
}

/** How many answers say exactly what SQL says; the others are told. */
async function check(dataDir: string, runs: readonly BenchRun[], answered: readonly Answered[]): Promise<number> {
  const database = await openEmbedded(dataDir)
  try {
    const truths = new Map<string, Truth>()
    for (const { runId, baselineId } of runs)
      truths.set(
        runId,
        await readTruth((text, ...values) => database.prisma.$queryRawUnsafe(text, ...values), runId, baselineId),
      )
    return answered.filter((answer) => {
      const truth = truths.get(answer.run.runId)
      if (!truth) throw new Error(`No truth of ${answer.run.name}.`)
      const problem = problemOf(
        answer.entry,
        answer.by === 'analyst' ? answer.question.analyst(truth) : answer.question.model(truth),
      )
      if (problem)
        process.stdout.write(
          `✗ ${answer.run.name}, ${answer.by}, ${answer.question.text} ${problem}\n${answer.entry.text}\n\n`,
        )
      return problem === null
    }).length
  } finally {
    await database.close()
  }
}

/** What is wrong with an answer; null when figure by figure and citation by citation it is what SQL says. */
function problemOf({ text, observation }: ObserverEntry, expected: Expected): string | null {
  if (observation === null || observation.failure) return `has no answer: ${observation?.failure?.message}`
  if (observation.unverified.length > 0) return `is marked: ${observation.unverified.join(' ')}`
  // What others wrote is quoted, and its figures are theirs.
  const figures = findFigures(text.replaceAll(/“[^”]*”/g, ''))
  const said = figures.map((figure) => figure.text).join(' ')
  const wanted = expected.figures.map(({ value }) => Math.round(value * 1e6) / 1e6).join(' ')
  if (figures.length !== expected.figures.length) return `says ${said}, not ${wanted}`
  const wrong = expected.figures.find(({ value, unit }, index) => {
    const figure = figures[index]
    if (!figure || figure.value === null || figure.unit !== unit) return true
    return Math.abs(Math.abs(figure.value) - Math.abs(value)) > figure.step / 2 + 1e-6
  })
  if (wrong) return `says ${said}, not ${wanted}`
  const cited = findCitations(text)
  const wantedItems = [...new Set(expected.citations)]
  return cited.join() === wantedItems.join() ? null : `cites ${cited.join(' ')}, not ${wantedItems.join(' ')}`
}

interface SentBody {
  messages: { content: string | null; tool_calls?: unknown }[]
  tools?: unknown
}

/** Tokens of everything that is sent, by OpenAI's newest public vocabulary. */
function sizeOf(body: unknown): number {
  const { messages, tools } = body as SentBody
  const texts = [...messages.flatMap(({ content, tool_calls: calls }) => [content ?? '', calls ?? '']), tools ?? '']
  return texts.reduce<number>(
    (sum, part) => sum + countTokens(typeof part === 'string' ? part : JSON.stringify(part)),
    0,
  )
}

async function report(
  exact: number,
  answers: number,
  timesMs: readonly number[],
  contextTokens: number,
): Promise<void> {
  const sorted = timesMs.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  const result = {
    questions: questions.length * 3,
    answers,
    exactAnswers: exact,
    firstTokenMs: at(0.95),
    firstTokenMedianMs: at(0.5),
    contextTokens,
  }
  await writeFile(new URL('results/observer.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
  process.stdout.write(
    `${exact} of ${answers} answers to ${result.questions} questions are exactly what SQL says. On ${largeRunItems} items the first ` +
      `word comes after ${result.firstTokenMedianMs} ms (median), ${result.firstTokenMs} ms (p95), ${at(1)} ms at most; ` +
      `the context has ${contextTokens} tokens at most.\n`,
  )
}
