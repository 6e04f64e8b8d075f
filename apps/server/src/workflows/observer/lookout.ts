import type { Observation, ObserverSettings } from '@proctor/schema'
import { AbortedError } from '../../domain/errors.ts'
import {
  findFailures,
  findLatencyShift,
  findMilestone,
  findOverspending,
  findScoreDrops,
  recentItems,
  type Finding,
} from '../../domain/observer/detect.ts'
import { doneOf, type ObserverStore, type RunFacts } from '../../domain/observer/facts.ts'
import { renderNote, systemPrompt } from '../../domain/observer/prompt.ts'
import { collectEvidence, verifyAnswer } from '../../domain/observer/verify.ts'
import type { NewId } from '../../domain/ports.ts'
import { CallFailedError } from '../call-model.ts'
import type { ModelGateway } from '../model-gateway.ts'
import { makeNonce, type AskDeps } from './ask-model.ts'
import { emptyMessage } from './empty-message.ts'
import { asOfNow } from './observer-desk.ts'
import { compareWithOther, mustRead } from './use-tool.ts'

/** How often the watched runs are looked at; nothing is done while none is watched. */
const defaultEveryMs = 2000
/** Wording a note may take so long; then another server may take it over. */
const claimMs = 60_000
const wordingTimeoutMs = 20_000
const wordingTokens = 150
/** Scores are compared when so many have come in, and then each time their number has doubled. */
const firstComparison = 20

export interface LookoutDeps extends AskDeps {
  observers: ObserverStore
  gateway: ModelGateway
  newId: NewId
  onError: (runId: string | null, error: unknown) => void
  everyMs?: number
}

/**
 * Speaks up by itself about the runs where that is switched on. What is worth saying is found by plain code;
 * a model only words it, and only within the budget of the notes. Several servers may look at one run: each
 * note is claimed first, so it is worded, paid and posted once.
 */
export class Lookout {
  readonly #deps: LookoutDeps
  readonly #stop = new AbortController()
  /** Per run, how many judgments there were at the last comparison. */
  readonly #comparedAt = new Map<string, number>()
  #running: Promise<void> = Promise.resolve()

  constructor(deps: LookoutDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#running = this.#watch()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #watch(): Promise<void> {
    const { clock, everyMs = defaultEveryMs, onError } = this.#deps
    while (!this.#stop.signal.aborted) {
      await this.lookOnce().catch((error: unknown) => onError(null, error))
      await clock.sleep(everyMs, this.#stop.signal).catch((error: unknown) => {
        if (!(error instanceof AbortedError)) throw error
      })
    }
  }

  /** Looks at every watched run and posts what is new. */
  async lookOnce(): Promise<void> {
    const watched = await this.#deps.observers.watchedRuns()
    for (const runId of this.#comparedAt.keys())
      if (!watched.some((entry) => entry.runId === runId)) this.#comparedAt.delete(runId)
    for (const { runId, settings, notedKeys } of watched) {
      if (this.#stop.signal.aborted) return
      try {
        const state = await mustRead(this.#deps.facts, runId)
        const noted = new Set(notedKeys)
        const fresh = (await this.#find(state)).filter(({ key }) => !noted.has(key) && !isPassed(key, noted))
        for (const finding of fresh) await this.#speak(state, settings, finding)
      } catch (error) {
        this.#deps.onError(runId, error)
      }
    }
  }

  async #find(state: RunFacts): Promise<Finding[]> {
    const recent = await this.#deps.facts.recent(state.run.id, recentItems)
    return [
      ...findMilestone(state),
      ...findFailures(recent),
      ...findLatencyShift(recent),
      ...findOverspending(state),
      ...(await this.#findScoreDrops(state)),
    ]
  }

  async #findScoreDrops(state: RunFacts): Promise<Finding[]> {
    const { run, baseline } = state
    const judged = run.progress.counts.judged
    const before = this.#comparedAt.get(run.id) ?? 0
    const isOver = run.status === 'completed'
    if (!baseline || judged < Math.max(firstComparison, isOver ? before + 1 : 2 * before)) return []
    this.#comparedAt.set(run.id, judged)
    // The look belongs to a row of looks, also the last one: the interval must be valid for all of them.
    const moving: RunFacts = { ...state, run: { ...run, status: 'running' } }
    const { against, criteria } = await compareWithOther(this.#deps.facts, moving, baseline)
    return findScoreDrops(against, criteria)
  }

  async #speak(state: RunFacts, settings: ObserverSettings, finding: Finding): Promise<void> {
    const { observers, clock, newId, facts } = this.#deps
    const runId = state.run.id
    if (!(await observers.claimNote(runId, finding.key, claimMs))) return
    const worded = await this.#word(runId, settings, finding)
    const evidence = collectEvidence([finding.facts])
    const { unverified, cited } = verifyAnswer(worded.text, evidence)
    const observation: Observation = {
      asOf: asOfNow(state, clock.now()),
      steps: [
        {
          tool: 'finding',
          arguments: {},
          label: `noticed by plain code, ${doneOf(state.run.progress)} items in`,
          result: JSON.parse(JSON.stringify(finding.facts)) as Observation['steps'][number]['result'],
          error: null,
        },
      ],
      citations: cited.length === 0 ? [] : await facts.cite(runId, cited),
      unverified,
      proposals: proposalsFor(state, finding),
      noteKind: finding.kind,
      calls: worded.calls,
      failure: null,
    }
    const message = {
      ...emptyMessage,
      ...worded.message,
      id: newId(),
      role: 'assistant' as const,
      content: worded.text,
      finishReason: 'stop',
    }
    await observers.postNote(runId, finding.key, finding.kind, { kind: 'note', message, observation })
  }

  /** The plain words, unless a model may word them, within the budget, and adds no figure of its own. */
  async #word(runId: string, settings: ObserverSettings, { plain, facts }: Finding) {
    const withoutModel = { text: plain, calls: 0, message: { costMicros: 0 } }
    if (settings.model === null || settings.noteBudgetMicros === null) return withoutModel
    const { gateway, observers, random } = this.#deps
    try {
      const model = await gateway.model(settings.model, 'model')
      const nonce = makeNonce(random)
      const request = {
        system: systemPrompt(nonce),
        messages: [{ role: 'user' as const, content: renderNote(plain, facts, nonce) }],
        maxOutputTokens: wordingTokens,
      }
      const { cost } = await observers.get(runId)
      // Without a known price nothing could hold the budget.
      if (!model.price || cost.notesMicros + model.worstCaseOf(request) > settings.noteBudgetMicros) return withoutModel
      const limits = { timeoutMs: wordingTimeoutMs, maxAttempts: 1 }
      const { result } = await model.call(request, limits, this.#stop.signal)
      const text = result.text.trim()
      const isFaithful = text !== '' && verifyAnswer(text, collectEvidence([facts])).unverified.length === 0
      const { inputTokens, outputTokens, cachedInputTokens } = result.usage
      const usage = { inputTokens, outputTokens, cachedInputTokens, costMicros: model.costOf(result.usage) }
      return { text: isFaithful ? text : plain, calls: 1, message: { ...usage, model: isFaithful ? model.ref : null } }
    } catch (error) {
      if (!(error instanceof CallFailedError) && !(error instanceof AbortedError)) this.#deps.onError(runId, error)
      return withoutModel
    }
  }
}

/** A later milestone was told already: this one is no news. */
function isPassed(key: string, noted: ReadonlySet<string>): boolean {
  const part = /^milestone-(\d+)$/.exec(key)?.[1]
  if (part === undefined) return false
  return [...noted].some((other) => Number(/^milestone-(\d+)$/.exec(other)?.[1] ?? 0) > Number(part))
}

function proposalsFor({ run, failures }: RunFacts, { kind }: Finding): Observation['proposals'] {
  if (kind === 'failure-rate' || kind === 'repeated-error') {
    const failed = failures.filter(({ stage }) => stage === 'answer').reduce((sum, { count }) => sum + count, 0)
    if (run.status === 'running') return [{ action: 'pause' }]
    return failed > 0 && run.status !== 'cancelled' ? [{ action: 'retry', kind: null, count: failed }] : []
  }
  return kind === 'budget' && run.status === 'running' ? [{ action: 'pause' }] : []
}
