import type {
  Attempt,
  CallSettings,
  ErrorGroup,
  Failure,
  FailureKind,
  Item,
  ItemNeighbours,
  ItemNeighboursInput,
  ItemPositionsInput,
  Judgment,
  JudgeSettings,
  ListItemsInput,
  ListRunsInput,
  Message,
  Page,
  RunDetail,
  RunEvent,
  RunFacets,
  RunInsights,
  RunStatus,
  RunSummary,
  StatusReason,
  Usage,
  ValidatorResult,
} from '@proctor/schema'
import type { ExportedItem } from './export/exported-item.ts'
import type { JudgeSubject } from './ports.ts'

/** Ports of the engine: runs as their drivers and their users see them, their events and their jobs. */

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
export type NewMessage = Omit<Message, 'conversationId' | 'itemId' | 'createdAt' | 'fromCache'> &
  Partial<Pick<Message, 'fromCache'>>

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
      /** Null when every turn was answered from the cache. */
      latencyMs: number | null
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
  /** What there is to filter runs by. */
  facets(): Promise<RunFacets>
  listItems(input: ListItemsInput): Promise<Page<Item>>
  /** Where the items stand that fit a filter, in order. */
  itemPositions(input: ItemPositionsInput): Promise<number[]>
  insights(runId: string): Promise<RunInsights>
  /** Items with everything that is known of them, after a position, in order. */
  exportItems(runId: string, afterPosition: number, limit: number): Promise<ExportedItem[]>
  errorGroups(runId: string): Promise<ErrorGroup[]>
  /** Null when there is no such item. */
  neighbours(input: ItemNeighboursInput): Promise<ItemNeighbours | null>
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
  /**
   * Failed items back to pending, failed judgments back to waiting; reopens the run. Returns how many.
   * @param kind only the items that failed in this way to be answered; without it, everything that failed
   */
  retryFailed(runId: string, kind?: FailureKind | null): Promise<number>
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

export interface JobQueue {
  /** Calls `drive` for each job; several at once. */
  workRuns(drive: (runId: string) => Promise<void>): Promise<void>
}
