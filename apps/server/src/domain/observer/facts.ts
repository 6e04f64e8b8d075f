import type {
  Citation,
  FailureKind,
  Item,
  ItemFilterInput,
  NoteKind,
  ObserverDetail,
  ObserverEntry,
  ObserverSettings,
  Observation,
  RunDetail,
} from '@proctor/schema'
import type { ScoreSum } from '../scheduler/transitions.ts'
import type { NewMessage } from '../run-ports.ts'

/** What the observer reads: facts by SQL, each exact at the moment of the reading. */

/** Another run that a run can be compared with. */
export interface OtherRun {
  id: string
  sessionId: string | null
  model: string
  suite: string
}

/** A run as it stands, with what its own row does not say. */
export interface RunFacts {
  run: RunDetail
  sums: ScoreSum[]
  failures: { stage: 'answer' | 'judge'; kind: FailureKind; count: number }[]
  /** The counters some hundred events ago, for the pace; null when there are too few. */
  earlier: { at: string; done: number } | null
  baseline: OtherRun | null
}

export interface ErrorExample {
  stage: 'answer' | 'judge'
  kind: FailureKind
  message: string
  retryable: boolean
  count: number
  /** Positions of the first few. */
  positions: number[]
}

export interface WholeItem {
  item: Item
  prompt: string
  answer: string | null
  expected: string | null
  judgments: { criterion: string; score: number; reasoning: string }[]
  checks: { type: string; passed: boolean; explanation: string | null }[]
}

export interface ScoreSpread {
  /** Items by whole points, 1 to 10. */
  counts: number[]
  n: number
  mean: number | null
  sd: number | null
  min: number | null
  median: number | null
  max: number | null
}

export interface Change {
  item: Item
  /** In the other run, where it is one score; points of the criterion. */
  before: number
  after: number
}

export interface TextHit {
  item: Item
  where: 'prompt' | 'answer'
  snippet: string
}

export interface CheckGroup {
  name: string
  passed: number
  total: number
}

export interface CaseScore {
  caseId: string
  group: string | null
  score: number
}

/** A row of the run that was finished lately, the newest last. */
export type RecentItem = Pick<Item, 'id' | 'position' | 'state' | 'latencyMs' | 'failure'>

export interface RunFactsStore {
  /** Null when there is no such run. */
  read(runId: string): Promise<RunFacts | null>
  countItems(runId: string, filter: ItemFilterInput): Promise<number>
  /** Worst share first. */
  checks(runId: string, by: 'type' | 'tag' | 'group'): Promise<CheckGroup[]>
  /** Null when the run has no item there. */
  itemAt(runId: string, position: number): Promise<WholeItem | null>
  errors(runId: string, limit: number): Promise<ErrorExample[]>
  spread(runId: string, criterion: string): Promise<ScoreSpread>
  /** Items whose score moved by a point or more against another run of the same cases: most first. */
  changes(
    runId: string,
    otherRunId: string,
    criterion: string,
    direction: 'worse' | 'better',
    limit: number,
  ): Promise<{ total: number; changes: Change[] }>
  search(
    runId: string,
    text: string,
    where: 'prompts' | 'answers' | 'both',
    limit: number,
  ): Promise<{ total: number; hits: TextHit[] }>
  caseScores(runId: string, criterion: string): Promise<CaseScore[]>
  /** A run of this session, the newest one. */
  findRun(sessionId: string): Promise<OtherRun | null>
  recent(runId: string, limit: number): Promise<RecentItem[]>
  /** The items at these numbers, which count from 1; those that are not there are left out. */
  cite(runId: string, numbers: readonly number[]): Promise<Citation[]>
}

export type StoredDetail = Omit<ObserverDetail, 'isAnswering' | 'quickPrompts'>

export interface NewEntry {
  kind: ObserverEntry['kind']
  message: NewMessage
  observation: Observation | null
}

/** The conversation about a run, and how the run is observed. */
export interface ObserverStore {
  /** @param entries so many of the newest */
  get(runId: string, entries?: number): Promise<StoredDetail>
  configure(runId: string, settings: ObserverSettings): Promise<void>
  /** Adds to the conversation, which is made with its first entry. */
  add(runId: string, entry: NewEntry): Promise<ObserverEntry>
  /** The notes still to come may be claimed by one server at a time; false when it is taken or posted. */
  claimNote(runId: string, key: string, staleMs: number): Promise<boolean>
  /** Adds a claimed note, and an event of the run that tells it. */
  postNote(runId: string, key: string, kind: NoteKind, entry: NewEntry): Promise<ObserverEntry>
  /** Runs to speak up about: those that move, and those that ended a moment ago. */
  watchedRuns(): Promise<{ runId: string; settings: ObserverSettings; notedKeys: string[] }[]>
  /** Everything in order, for a file. */
  export(runId: string): Promise<ObserverEntry[]>
}

/** Items with an answer or a final failure. */
export function doneOf({ counts }: RunDetail['progress']): number {
  return counts.answered + counts.judged + counts.judgeFailed + counts.failed
}
