import type {
  CreateRunInput,
  CreateRunResult,
  CreateRunsInput,
  CreateRunsResult,
  CreateSuiteInput,
  CreateSuiteResult,
  Criterion,
  EditSuiteInput,
  Estimate,
  EstimateInput,
  FailureKind,
  Feedback,
  JudgeMessageInput,
  JudgeRunInput,
  MessageJudgments,
  ModelInfo,
  ModelPrice,
  ProviderStatus,
  RemovePriceInput,
  RetagSessionInput,
  RunActionResult,
  RunUpdate,
  SaveAsCaseInput,
  SavedCriterion,
  SessionSummary,
  SetFeedbackInput,
  TestCallResult,
  TryValidatorInput,
  ValidatorResult,
} from '@proctor/schema'
import type { ChatStore, MessageStore, PriceStore, SessionStore, SuiteStore } from '../domain/ports.ts'
import type { RunStore } from '../domain/run-ports.ts'
import type { ExportFormat, RunExport } from './export-run.ts'
import type { ChatDesk } from './chat/chat-desk.ts'
import type { ObserverDesk } from './observer/observer-desk.ts'

/** All that the routers can reach: reads go to the stores, everything else is a workflow. */
export interface Services {
  runs: Pick<
    RunStore,
    'get' | 'list' | 'listItems' | 'neighbours' | 'itemPositions' | 'insights' | 'errorGroups' | 'facets'
  >
  suites: Pick<SuiteStore, 'list' | 'listCases' | 'getVersion' | 'listVersions'>
  sessions: SessionStore
  messages: MessageStore
  chats: Pick<ChatStore, 'list' | 'create' | 'rename' | 'remove'>
  chatDesk: Pick<ChatDesk, 'get' | 'send' | 'retry' | 'stop' | 'read'>
  observer: Pick<ObserverDesk, 'get' | 'configure' | 'ask' | 'stop' | 'read'>
  prices: Pick<PriceStore, 'listAll' | 'unpricedModels'>

  listPrices(): Promise<ModelPrice[]>
  removePrice(price: RemovePriceInput): Promise<boolean>
  listCriteria(archived: boolean): Promise<SavedCriterion[]>
  saveCriterion(criterion: Criterion): Promise<SavedCriterion>
  archiveCriterion(id: string, archived: boolean): Promise<void>
  testCall(model: string, signal: AbortSignal): Promise<TestCallResult>
  tryValidator(input: TryValidatorInput): ValidatorResult
  savePrice(price: ModelPrice): Promise<ModelPrice>
  editSuite(input: EditSuiteInput): Promise<CreateSuiteResult>
  saveSuite(input: CreateSuiteInput): Promise<CreateSuiteResult>
  createRun(input: CreateRunInput): Promise<CreateRunResult>
  createRuns(input: CreateRunsInput): Promise<CreateRunsResult>
  estimateRun(input: EstimateInput): Promise<Estimate>
  pauseRun(runId: string): Promise<RunActionResult>
  resumeRun(runId: string, budgetMicros: number | null | undefined): Promise<RunActionResult>
  cancelRun(runId: string): Promise<RunActionResult>
  retryFailed(runId: string, kind: FailureKind | null): Promise<RunActionResult>
  judgeRun(input: JudgeRunInput): Promise<RunActionResult>
  saveAsCase(input: SaveAsCaseInput): Promise<CreateSuiteResult>
  setFeedback(input: SetFeedbackInput): Promise<Feedback | null>
  retagSession(input: RetagSessionInput): Promise<SessionSummary>
  judgeMessage(input: JudgeMessageInput, signal: AbortSignal): Promise<MessageJudgments>
  /** Everything that was said about a run, a line an entry. */
  exportObserver(runId: string): Promise<RunExport>
  exportRun(runId: string, format: ExportFormat): Promise<RunExport>
  listModels(signal: AbortSignal): Promise<{ providers: ProviderStatus[]; models: ModelInfo[] }>
  /** A snapshot (unless `afterSeq` says where the subscriber stands), then every event, in order, once. */
  watchRun(runId: string, afterSeq: number | null, signal: AbortSignal): AsyncGenerator<RunUpdate, void, undefined>
}
