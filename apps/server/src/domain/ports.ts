import type {
  Attempt,
  CallSettings,
  CreateSuiteInput,
  CreateSuiteResult,
  ErrorGroup,
  Failure,
  Item,
  ItemDetail,
  Judgment,
  JudgeSettings,
  ListItemsInput,
  ListRunsInput,
  ListSessionsInput,
  Message,
  MessageJudgments,
  ModelPrice,
  Page,
  ProviderName,
  RunDetail,
  RunEvent,
  RunStatus,
  RunSummary,
  SessionSummary,
  StatusReason,
  SuiteCase,
  SuiteSummary,
  Usage,
  ValidatorResult,
} from '@proctor/schema'

/** Ports: what the engine needs from the outside. Adapters live in providers/ and persistence/. */

// ── Time and chance ─────────────────────────────────────────────────────────────────────────────

export interface Clock {
  now(): Date
  /** Milliseconds from an arbitrary start, never going back. */
  monotonicMs(): number
  /** Resolves after `ms`, or rejects with AbortedError when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A number in [0, 1). */
export type Random = () => number

/** A new UUID v7. */
export type NewId = () => string

// ── Providers ───────────────────────────────────────────────────────────────────────────────────

export interface ToolCall {
  id: string
  name: string
  /** Parsed arguments; a call whose arguments are not JSON arrives as `{ invalidJson: text }`. */
  arguments: unknown
}

export type ChatMessage =
  | { role: 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string }

export interface ToolDefinition {
  name: string
  description: string
  /** JSON Schema of the arguments object. */
  inputSchema: Record<string, unknown>
}

export interface ChatRequest {
  /** The provider's own model name, without the `provider:` part. */
  model: string
  system?: string
  messages: ChatMessage[]
  temperature?: number
  maxOutputTokens: number
  /** Ask for JSON that fits this schema (an object schema, every property required). */
  responseSchema?: { name: string; schema: Record<string, unknown> }
  tools?: ToolDefinition[]
}

/** What a provider says about the room left, from its response headers; null where it says nothing. */
export interface RateLimitState {
  remainingRequests: number | null
  remainingTokens: number | null
  /** Until an exhausted allowance has room for one more call. */
  nextCallAfterMs: number | null
}

export type FinishReason = 'stop' | 'length' | 'tool-calls'

export interface ChatResult {
  text: string
  toolCalls: ToolCall[]
  usage: Usage
  finishReason: FinishReason
  providerRequestId: string | null
  /** From sending the request to its last byte. */
  latencyMs: number
  timeToFirstTokenMs: number | null
  rateLimit: RateLimitState
}

export interface ChatOptions {
  signal: AbortSignal
  timeoutMs: number
  /** Called with each piece of text as it streams in. */
  onText?: (delta: string) => void
}

/** One provider behind its official SDK. No retries here: they belong to the engine. */
export interface ChatProvider {
  readonly name: ProviderName
  /** Null when calls can be made; otherwise what is missing, and how to mend it. */
  readonly problem: { message: string; mend: string } | null
  /**
   * One call.
   * @throws ProviderError with a failure kind, or AbortedError when the signal fired.
   */
  chat(request: ChatRequest, options: ChatOptions): Promise<ChatResult>
  /**
   * Models on offer, or null where the server has no list.
   * @throws ProviderError when it cannot be reached.
   */
  listModels(signal: AbortSignal): Promise<string[] | null>
}

// ── Suites and prices ───────────────────────────────────────────────────────────────────────────

export interface SuiteStore {
  /** Saves a suite, or a new version of the one with this name; nothing when the content is the same. */
  save(input: CreateSuiteInput): Promise<CreateSuiteResult>
  list(page: { cursor?: string | null | undefined; limit: number }): Promise<Page<SuiteSummary>>
  /** Null when there is no such version. */
  getVersion(versionId: string): Promise<SuiteSummary | null>
  listCases(versionId: string, page: { cursor?: string | null | undefined; limit: number }): Promise<Page<SuiteCase>>
}

export interface PriceStore {
  /** The price in force on `day`, per model; models without a price are absent. */
  pricesOn(day: Date): Promise<Map<string, ModelPrice>>
  save(price: ModelPrice): Promise<void>
}

// ── Sessions and messages ───────────────────────────────────────────────────────────────────────

export interface SessionStore {
  list(input: ListSessionsInput): Promise<Page<SessionSummary>>
  get(sessionId: string): Promise<SessionSummary | null>
  listMessages(sessionId: string, page: { cursor?: string | null | undefined; limit: number }): Promise<Page<Message>>
  /** Of these session ids, those in use. */
  takenSessionIds(prefix: string): Promise<Set<string>>
}

/** A message that can be judged, with all that the judge is shown. */
export interface JudgeSubject {
  messageId: string
  /** Null for a message outside any run. */
  runId: string | null
  itemId: string | null
  /** The user's turns and the answers, oldest first; the last entry is the answer to judge. */
  conversation: { role: 'user' | 'assistant'; content: string }[]
  system: string | null
  expected: string | null
  notes: string | null
}

export interface MessageStore {
  itemDetail(itemId: string): Promise<ItemDetail | null>
  judgmentsOf(messageId: string): Promise<MessageJudgments>
  judgeSubject(messageId: string): Promise<JudgeSubject | null>
}

// ── Runs ────────────────────────────────────────────────────────────────────────────────────────

export interface NewRun {
  id: string
  conversationId: string
  suiteVersionId: string
  model: string
  sessionId: string | null
  experimentName: string | null
  /** The session id was made up: the run is not to join a session that is there already. */
  isNewSession: boolean
  concurrency: number
  repeats: number
  call: CallSettings
  judge: JudgeSettings | null
  budgetMicros: number | null
}

/** An item that is to be called, with its case. */
export interface PendingItem {
  id: string
  position: number
  caseId: string
  repeat: number
  /** The judge is to score the answer. */
  judgeWanted: boolean
  turns: string[]
  system: string | null
  expected: string | null
  notes: string | null
  validators: ValidatorResult['validator'][]
}

/** An answered item that the judge is to score. */
export interface ItemToJudge {
  id: string
  position: number
  subject: JudgeSubject
}

/** A message as the engine stores it; ids are made by the engine. */
export type NewMessage = Omit<Message, 'conversationId' | 'itemId' | 'createdAt'>

/** One call of the judge, as it is stored. */
export interface JudgeCallRecord {
  id: string
  messageId: string
  judgeModel: string
  promptVersion: string
  usage: Usage | null
  costMicros: number | null
  latencyMs: number | null
  outcome:
    | { ok: true; judgments: Omit<Judgment, 'messageId' | 'judgeModel' | 'promptVersion' | 'current' | 'createdAt'>[] }
    | { ok: false; failure: Failure; rawText: string | null }
}

/** What happened to an item; groups of these are written in one transaction. */
export type Outcome =
  | { type: 'started'; itemId: string }
  | { type: 'released'; itemId: string }
  | {
      type: 'answered'
      itemId: string
      messages: NewMessage[]
      attempts: number
      latencyMs: number
      timeToFirstTokenMs: number | null
      usage: Usage
      costMicros: number | null
      validatorResults: ValidatorResult[]
    }
  | { type: 'failed'; itemId: string; failure: Failure; attempts: number; tries: Attempt[] }
  | { type: 'judged'; itemId: string | null; call: JudgeCallRecord }

/** A run as its driver needs it. */
export interface DrivenRun {
  id: string
  epoch: number
  conversationId: string
  model: string
  status: RunStatus
  concurrency: number
  call: CallSettings
  judge: JudgeSettings | null
  budgetMicros: number | null
  spentMicros: number
}

/** What the driver learns each time it renews its lease. */
export type LeaseState = Pick<DrivenRun, 'status' | 'budgetMicros' | 'judge'>

/**
 * Runs for their driver. A run is driven by one worker at a time: a lease with an epoch.
 * Every write names the epoch and fails with LeaseLostError when it is not the run's any more.
 */
export interface RunDriverStore {
  /**
   * Takes the run if nobody holds it: a new epoch, items left `running` by a dead driver back to
   * `pending`, status `queued` to `running`. Null when another worker holds it or there is nothing to do.
   */
  acquire(runId: string, workerId: string, leaseMs: number): Promise<DrivenRun | null>
  /** @throws LeaseLostError */
  renew(runId: string, epoch: number, leaseMs: number): Promise<LeaseState>
  /** Pending items after a position, in order. */
  loadPending(runId: string, afterPosition: number, limit: number): Promise<PendingItem[]>
  /** Answered items that wait for the judge, after a position, in order. */
  loadToJudge(runId: string, afterPosition: number, limit: number): Promise<ItemToJudge[]>
  /**
   * Writes a group: items, messages, validator results, judgments, counters, events, one transaction.
   * An outcome that the item's state no longer allows (stored already) is dropped.
   * @throws LeaseLostError
   */
  record(runId: string, epoch: number, outcomes: Outcome[]): Promise<void>
  /**
   * Ends the drive under the run's row lock: what the run becomes is decided from its rows, so work
   * that was added meanwhile is not lost. Returns false, keeping the lease, when there is still work.
   * @param verdict `done` when the driver found no work; otherwise why it stops
   */
  finish(
    runId: string,
    epoch: number,
    verdict:
      | { type: 'done' }
      | { type: 'paused'; reason: StatusReason; message: string | null }
      | { type: 'handed-back' },
  ): Promise<boolean>
  /** Calls back when a user pauses, cancels, or changes a run, in this or any other process. */
  onControl(runId: string, callback: () => void): () => void
  /** Runs with work and no live driver, oldest first. */
  abandonedRuns(limit: number): Promise<string[]>
  /** Computes the run's latency percentiles from its items. */
  refreshLatency(runId: string): Promise<void>
}

/** Earlier answers of a model: their length and how long they took. */
export interface ModelHistory {
  answers: number
  outputTokensP10: number
  outputTokensP90: number
  latencyP50Ms: number
  latencyP90Ms: number
}

/** Runs for their users. */
export interface RunStore {
  /**
   * Writes run, conversation, items and the job that starts it in one transaction. False, with nothing
   * written, when the run wants a new session and somebody else has taken its id meanwhile.
   */
  create(run: NewRun): Promise<boolean>
  get(runId: string): Promise<RunDetail | null>
  list(input: ListRunsInput): Promise<Page<RunSummary>>
  listItems(input: ListItemsInput): Promise<Page<Item>>
  errorGroups(runId: string): Promise<ErrorGroup[]>
  /**
   * Moves a run to a status if it stands in one of `from`; tells its driver and, when `enqueue`, sends
   * a job. Returns the status after the call, and whether it moved.
   */
  transition(
    runId: string,
    change: {
      from: RunStatus[]
      to: RunStatus
      reason: StatusReason | null
      message: string | null
      enqueue: boolean
      budgetMicros?: number | null
    },
  ): Promise<{ status: RunStatus; moved: boolean }>
  /** Failed items back to pending, failed judgments back to waiting; reopens the run. Returns how many. */
  retryFailed(runId: string): Promise<number>
  /** Marks answers for judging with these settings; reopens the run. Returns how many. */
  requestJudging(runId: string, judge: JudgeSettings, scope: 'unjudged' | 'all'): Promise<number>
  /** What earlier answers of a model were like, for estimates; null when there are too few. */
  modelHistory(model: string): Promise<ModelHistory | null>
  /** Stores a judge call made outside a drive (a single message, on demand). */
  recordJudgeCall(subject: JudgeSubject, call: JudgeCallRecord): Promise<void>
}

/** The persisted, numbered log of a run, and its live end. */
export interface EventLog {
  read(runId: string, afterSeq: number, limit: number): Promise<RunEvent[]>
  /** Calls back whenever the run has new events, in this or any other process. Returns a way to stop. */
  onNews(runId: string, callback: () => void): () => void
}

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────────

export interface JobQueue {
  /** Calls `drive` for each job; several at once. */
  workRuns(drive: (runId: string) => Promise<void>): Promise<void>
}
