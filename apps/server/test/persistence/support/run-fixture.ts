import {
  createSuiteInputSchema,
  type Failure,
  type JudgeSettings,
  type RunDetail,
  type ValidatorResult,
} from '@proctor/schema'
import type {
  DrivenRun,
  JudgeCallRecord,
  NewMessage,
  NewRun,
  Outcome,
  PendingItem,
} from '../../../src/domain/run-ports.ts'
import type { Database } from '../../../src/persistence/database.ts'
import { uuidv7 } from '../../../src/persistence/ids.ts'
import { createJobQueue } from '../../../src/persistence/runs/job-queue.ts'
import { createRunDriverStore } from '../../../src/persistence/runs/run-driver-store.ts'
import { createRunStore } from '../../../src/persistence/runs/run-store.ts'
import { createSuiteStore } from '../../../src/persistence/suite-store.ts'

export const leaseMs = 60_000
export const model = 'openai:model-under-test'

export const judgeSettings = (
  judgeModel = 'anthropic:judge-a',
  changes: Partial<JudgeSettings> = {},
): JudgeSettings => ({
  model: judgeModel,
  criteria: ['quality', 'safety'].map((id) => ({
    id,
    name: id,
    description: id,
    anchors: { 1: 'bad', 4: 'poor', 7: 'good', 10: 'best' },
  })),
  when: 'live',
  sampleShare: 1,
  threshold: 7,
  ...changes,
})

export const failure = (changes: Partial<Failure> = {}): Failure => ({
  kind: 'timeout',
  message: 'The call took too long.',
  retryable: true,
  httpStatus: null,
  providerRequestId: null,
  ...changes,
})

export type NewRunOptions = Partial<NewRun> & { cases?: number }

/** The stores of runs on one database, and short ways to fill them. */
export async function openRunStores(database: Database) {
  await createJobQueue(database)
  const suites = createSuiteStore(database)
  const runs = createRunStore(database)
  const driver = await createRunDriverStore(database)

  /** A run of a suite of its own, queued; null when its session id is to be new and is not. */
  const tryCreateRun = async ({ cases = 3, ...changes }: NewRunOptions = {}): Promise<RunDetail | null> => {
    const suite = await suites.save(
      createSuiteInputSchema.parse({
        name: `suite ${uuidv7()}`,
        cases: Array.from({ length: cases }, (_, index) => ({
          id: `case-${index}`,
          prompt: `What is ${index} + ${index}?`,
          expected: String(index + index),
          validators: [{ type: 'max-words', value: 100 }],
        })),
      }),
    )
    const id = changes.id ?? uuidv7()
    const isCreated = await runs.create({
      id,
      conversationId: uuidv7(),
      suiteVersionId: suite.versionId,
      model,
      sessionId: null,
      experimentName: null,
      isNewSession: false,
      concurrency: 4,
      repeats: 1,
      call: { maxOutputTokens: 100, timeoutMs: 1000, maxAttempts: 3 },
      judge: judgeSettings(),
      budgetMicros: null,
      ...changes,
    })
    return isCreated ? runs.get(id) : null
  }

  const createRun = async (options?: NewRunOptions): Promise<RunDetail> => {
    const run = await tryCreateRun(options)
    if (!run) throw new Error('The session id is taken.')
    return run
  }

  const drive = async (runId: string): Promise<DrivenRun> => {
    const driven = await driver.acquire(runId, uuidv7(), leaseMs)
    if (!driven) throw new Error('The run cannot be acquired.')
    return driven
  }

  return {
    database,
    suites,
    runs,
    driver,
    createRun,
    tryCreateRun,
    drive,

    /** A run that is being driven, with its pending items. */
    async createDriven(options: NewRunOptions = {}) {
      const run = await createRun(options)
      const { epoch } = await drive(run.id)
      const items = await driver.loadPending(run.id, -1, 1000)
      return { runId: run.id, epoch, items, record: (...outcomes: Outcome[]) => driver.record(run.id, epoch, outcomes) }
    },

    /** Ends the lease of a run as the passing of time would. */
    async expireLease(runId: string): Promise<void> {
      await database.prisma.$executeRawUnsafe(
        `UPDATE batch_test_runs SET driver_lease_until = now() - interval '1 second' WHERE id = $1::uuid`,
        runId,
      )
    },

    async items(runId: string) {
      return (await runs.listItems({ runId, limit: 500 })).items
    },
  }
}

export type RunStores = Awaited<ReturnType<typeof openRunStores>>

type Answered = Extract<Outcome, { type: 'answered' }>

/** An answer with a message per turn and side. */
export function answered(
  item: Pick<PendingItem, 'id' | 'turns'>,
  changes: Partial<Answered> & { text?: string } = {},
): Answered {
  const { text = 'It is four.', ...rest } = changes
  const usage = rest.usage ?? { inputTokens: 20, outputTokens: 7, cachedInputTokens: 5 }
  const costMicros = rest.costMicros === undefined ? 42 : rest.costMicros
  const messages = item.turns.flatMap((prompt, index): NewMessage[] => [
    { ...userMessage(prompt), turn: index + 1 },
    {
      ...userMessage(text),
      role: 'assistant',
      turn: index + 1,
      model,
      ...usage,
      latencyMs: 120.5,
      timeToFirstTokenMs: 30.25,
      costMicros,
      finishReason: 'stop',
      providerRequestId: 'req_1',
    },
  ])
  return {
    type: 'answered',
    itemId: item.id,
    messages,
    attempts: 1,
    latencyMs: 120.5,
    timeToFirstTokenMs: 30.25,
    usage,
    costMicros,
    validatorResults: [validatorResult(true), validatorResult(false)],
    ...rest,
  }
}

export function userMessage(content: string): NewMessage {
  return {
    id: uuidv7(),
    role: 'user',
    content,
    turn: 1,
    model: null,
    inputTokens: null,
    outputTokens: null,
    cachedInputTokens: null,
    latencyMs: null,
    timeToFirstTokenMs: null,
    costMicros: null,
    finishReason: null,
    providerRequestId: null,
    attempts: [],
  }
}

export const validatorResult = (passed: boolean): ValidatorResult => ({
  validator: { type: 'max-words', value: 100 },
  passed,
  explanation: passed ? null : 'It has 101 words.',
})

export const failed = (itemId: string, changes: Partial<Failure> = {}): Outcome => ({
  type: 'failed',
  itemId,
  failure: failure(changes),
  attempts: 3,
  tries: [],
})

/** A call of the judge about an answer: scores by criterion. */
export function judgeCall(
  messageId: string,
  scores: Record<string, number>,
  judgeModel = 'anthropic:judge-a',
): JudgeCallRecord {
  const judgments = Object.entries(scores).map(([criterion, score]) => ({
    id: uuidv7(),
    criterion,
    score,
    passed: score >= 7,
    threshold: 7,
    evidence: {
      reasoning: 'Because.',
      quotes: ['four'],
      inventedQuotes: 1,
      confidence: 0.5,
      suggestions: ['Be brief.'],
    },
  }))
  return { ...callRecord(messageId, judgeModel), outcome: { ok: true, judgments } }
}

export function failedJudgeCall(
  messageId: string,
  rawText: string | null = 'no JSON',
  judgeModel?: string,
): JudgeCallRecord {
  return {
    ...callRecord(messageId, judgeModel),
    outcome: { ok: false, failure: failure({ kind: 'unknown' }), rawText },
  }
}

const callRecord = (messageId: string, judgeModel = 'anthropic:judge-a') => ({
  id: uuidv7(),
  messageId,
  judgeModel,
  promptVersion: 'p1',
  usage: { inputTokens: 300, outputTokens: 50, cachedInputTokens: 0 },
  costMicros: 11,
  latencyMs: 80,
})

export const judged = (itemId: string, call: JudgeCallRecord): Outcome => ({ type: 'judged', itemId, call })

/** The id of the message that an answer is judged by. */
export const answerId = (outcome: Answered): string => outcome.messages.at(-1)!.id
