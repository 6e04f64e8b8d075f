import type {
  Chat,
  ChatDetail,
  CreateChatInput,
  CreateSuiteInput,
  CreateSuiteResult,
  Criterion,
  DatedPrice,
  Feedback,
  ItemDetail,
  ListMessagesInput,
  ListSessionsInput,
  Message,
  MessageJudgments,
  MessagePlace,
  ModelPrice,
  Page,
  ProviderName,
  ProviderStatus,
  RateLimitState,
  RemovePriceInput,
  RetagSessionInput,
  SavedCriterion,
  SessionSummary,
  SetFeedbackInput,
  SuiteCase,
  SuiteSummary,
  SuiteVersion,
  Usage,
} from '@proctor/schema'
import type { Pace } from './scheduler/pace.ts'
import type { NewMessage } from './run-ports.ts'
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
  tools?: readonly ToolDefinition[]
  /** `none`: the tools are named, since earlier messages use them, and may not be called any more. */
  toolChoice?: 'auto' | 'none'
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
  /** Where its calls go and what sets it up; never the key. */
  readonly server: Pick<ProviderStatus, 'host' | 'keyVariable' | 'baseUrlVariable' | 'hasKey'>
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
  /** The newest version; null when there is no such suite. */
  getNewest(suiteId: string): Promise<SuiteSummary | null>
  getByName(name: string): Promise<SuiteSummary | null>
  /** The newest first. */
  listVersions(suiteId: string): Promise<SuiteVersion[]>
  /** Saves the version after `expectedVersion`; null when another one has been saved meanwhile. */
  saveNext(input: CreateSuiteInput, expectedVersion: number): Promise<CreateSuiteResult | null>
  listCases(versionId: string, page: { cursor?: string | null | undefined; limit: number }): Promise<Page<SuiteCase>>
}

export interface PriceStore {
  /** The price in force on `day`, per model; models without a price are absent. */
  pricesOn(day: Date): Promise<Map<string, ModelPrice>>
  save(price: ModelPrice): Promise<void>
  /** Every price, past and future ones too: by model, the newest first. */
  listAll(): Promise<DatedPrice[]>
  /** Takes a price back; one from the list that comes with Proctor returns to what the list says. */
  remove(price: RemovePriceInput): Promise<boolean>
  /** Models that runs used and that have no price. */
  unpricedModels(): Promise<string[]>
}

/** An answer that can be used again. */
export type CachedAnswer = Pick<ChatResult, 'text' | 'usage' | 'finishReason'>

/** Answers of earlier calls, by a text that holds all that determines a call. */
export interface AnswerCache {
  find(call: string): Promise<CachedAnswer | null>
  /** The first answer to a call stays. */
  keep(call: string, answer: CachedAnswer): Promise<void>
}

/** The pace at which each model is called, shared by all processes. */
export interface PaceStore {
  /**
   * Changes the pace of a model, one process at a time.
   * @param change gets the pace and the database's time in ms since 1970
   * @returns what it is now, and the database's time
   */
  change(model: string, change: (pace: Pace, nowMs: number) => Pace): Promise<{ pace: Pace; nowMs: number }>
  /** Null while nobody has changed it. */
  read(model: string): Promise<{ pace: Pace; nowMs: number } | null>
}

/** Criteria that users saved for more than one run. */
export interface CriterionStore {
  list(archived: boolean): Promise<SavedCriterion[]>
  /** Adds it, or changes the one with this id; runs keep the wording that they were judged by. */
  save(criterion: Criterion): Promise<SavedCriterion>
  /** Puts it away or takes it out again; false when there is none. */
  setArchived(id: string, archived: boolean): Promise<boolean>
}

// ── Sessions and messages ───────────────────────────────────────────────────────────────────────

export interface SessionStore {
  list(input: ListSessionsInput): Promise<Page<SessionSummary>>
  /** Also found by a tag that it had before; the summary says how it is called now. */
  get(sessionId: string): Promise<SessionSummary | null>
  listMessages(input: ListMessagesInput): Promise<Page<Message>>
  /** Gives all conversations of a session another tag and keeps the old one in their history. */
  retag(input: RetagSessionInput): Promise<'done' | 'not-found' | 'taken'>
  /** Of these session ids, those in use. */
  takenSessionIds(prefix: string): Promise<Set<string>>
}

/** Conversations that people hold with models. */
export interface ChatStore {
  create(input: CreateChatInput): Promise<string>
  list(page: { cursor?: string | null | undefined; limit: number }): Promise<Page<Chat>>
  get(conversationId: string): Promise<Omit<ChatDetail, 'isReplying' | 'failure'> | null>
  /** False when there is no such conversation; so too for `remove`. */
  rename(conversationId: string, title: string): Promise<boolean>
  remove(conversationId: string): Promise<boolean>
  addMessage(conversationId: string, message: NewMessage): Promise<Message>
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
  feedbackOf(messageId: string): Promise<Feedback | null>
  /** False when there is no such answer. */
  setFeedback(input: SetFeedbackInput): Promise<boolean>
  placeOf(messageId: string): Promise<MessagePlace | null>
}
