import {
  type AskObserverInput,
  type AsOf,
  type ConfigureObserverInput,
  type ObserverDetail,
  type ObserverEntry,
  type ObserverEvent,
  type ObserverStep,
  type Proposal,
} from '@proctor/schema'
import { UserError } from '../../domain/errors.ts'
import { analyse, quickPrompts } from '../../domain/observer/analyst/analyse.ts'
import { doneOf, type ObserverStore, type RunFacts } from '../../domain/observer/facts.ts'
import type { Look } from '../../domain/observer/outputs.ts'
import { rememberedTurns } from '../../domain/observer/prompt.ts'
import { collectEvidence, verifyAnswer } from '../../domain/observer/verify.ts'
import type { NewId } from '../../domain/ports.ts'
import type { CallableModel, ModelGateway } from '../model-gateway.ts'
import { askModel, type AskDeps, type Reply } from './ask-model.ts'
import { LiveAnswer } from './live-answer.ts'
import { emptyMessage } from './empty-message.ts'
import { mustRead, useTool } from './use-tool.ts'

export interface ObserverDeskDeps extends AskDeps {
  observers: ObserverStore
  gateway: ModelGateway
  newId: NewId
  onError: (runId: string, error: unknown) => void
}

interface Live {
  answer: LiveAnswer
  ended: Promise<void>
}

/**
 * Answers questions about runs. A question is stored by a mutation; its answer is written in the background and
 * read by whoever subscribes, so a lost connection or a reload loses nothing. Answers in flight live in memory.
 */
export class ObserverDesk {
  readonly #deps: ObserverDeskDeps
  readonly #live = new Map<string, Live>()

  constructor(deps: ObserverDeskDeps) {
    this.#deps = deps
  }

  /** @throws UserError not-found */
  async get(runId: string): Promise<ObserverDetail> {
    await mustRead(this.#deps.facts, runId)
    const stored = await this.#deps.observers.get(runId)
    return { ...stored, isAnswering: this.#live.has(runId), quickPrompts: [...quickPrompts] }
  }

  /** @throws UserError not-found, or as the gateway where the model cannot be called */
  async configure({ runId, ...changes }: ConfigureObserverInput): Promise<ObserverDetail> {
    const { settings } = await this.get(runId)
    if (changes.model) this.#deps.gateway.providerOf(changes.model, 'model')
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    await this.#deps.observers.configure(runId, { ...settings, ...given })
    return this.get(runId)
  }

  /**
   * Stores the question and begins its answer.
   * @throws UserError not-found; conflict while an answer is written; as the gateway for a model that cannot be called
   */
  async ask({ runId, text, model: ref }: AskObserverInput): Promise<ObserverEntry> {
    const state = await mustRead(this.#deps.facts, runId)
    const model = ref === null ? null : await this.#deps.gateway.model(ref, 'model')
    const answer = this.#begin(runId, ref)
    try {
      const { entries, settings } = await this.#deps.observers.get(runId, 2 * rememberedTurns)
      const message = { ...emptyMessage, id: this.#deps.newId(), role: 'user' as const, content: text }
      const question = await this.#deps.observers.add(runId, { kind: 'question', message, observation: null })
      if (settings.model !== ref) await this.#deps.observers.configure(runId, { ...settings, model: ref })
      const ended = this.#answer(answer, { runId, text, model, state, history: entries })
        .catch((error: unknown) => {
          this.#deps.onError(runId, error)
          return this.#keepBroken(answer, runId, ref, state)
        })
        .catch((error: unknown) => {
          this.#deps.onError(runId, error)
          answer.finish(null)
        })
        .finally(() => this.#live.delete(runId))
      this.#live.set(runId, { answer, ended })
      return question
    } catch (error) {
      this.#live.delete(runId)
      answer.finish(null)
      throw error
    }
  }

  stop(runId: string): void {
    this.#live.get(runId)?.answer.stop()
  }

  async *read(runId: string, signal: AbortSignal): AsyncGenerator<ObserverEvent, void, undefined> {
    const live = this.#live.get(runId)
    if (live) yield* live.answer.read(signal)
    else yield { type: 'idle' }
  }

  /** Stops every answer, with what was written so far kept. */
  async close(): Promise<void> {
    const all = [...this.#live.values()]
    for (const { answer } of all) answer.stop()
    await Promise.all(all.map(({ ended }) => ended))
  }

  /** Takes the run, with no await between the check and this: two who ask at once get one answer. */
  #begin(runId: string, model: string | null): LiveAnswer {
    if (this.#live.has(runId))
      throw new UserError('conflict', {
        field: 'runId',
        message: 'An answer is being written.',
        mend: 'Wait for it, or stop it first.',
      })
    const answer = new LiveAnswer(model)
    this.#live.set(runId, { answer, ended: Promise.resolve() })
    return answer
  }

  async #answer(
    live: LiveAnswer,
    {
      runId,
      text,
      model,
      state,
      history,
    }: { runId: string; text: string; model: CallableModel | null; state: RunFacts; history: ObserverEntry[] },
  ): Promise<void> {
    const asOf = asOfNow(state, this.#deps.clock.now())
    live.begin(asOf)
    const { step } = await useTool(this.#deps, runId, 'run_state', {})
    live.addStep(step)
    const reply =
      model === null
        ? await this.#analyse(live, runId, text, step, state)
        : await askModel(this.#deps, { runId, question: text, model, history, state: step }, live)
    const content = live.text.trim()
    const steps = [...live.steps]
    // Read now: the first word need not wait for all that was said before.
    const { entries } = await this.#deps.observers.get(runId)
    const evidence = collectEvidence([...entries.flatMap(stepsOf), ...steps].map(({ result }) => result))
    const { unverified, cited } = verifyAnswer(content, evidence)
    const { usage, calls, proposals, finish, failure } = reply
    const message = {
      ...emptyMessage,
      id: this.#deps.newId(),
      role: 'assistant' as const,
      content,
      model: model?.ref ?? null,
      ...(model ? usage : {}),
      costMicros: model ? model.costOf(usage) : 0,
      finishReason: finish,
    }
    const citations = cited.length === 0 ? [] : await this.#deps.facts.cite(runId, cited)
    const observation = { asOf, steps, citations, unverified, proposals, noteKind: null, calls, failure }
    live.finish(await this.#deps.observers.add(runId, { kind: 'answer', message, observation }))
  }

  /** A fault of ours: what there is stays, with a sentence that says so. */
  async #keepBroken(live: LiveAnswer, runId: string, model: string | null, state: RunFacts): Promise<void> {
    const message = {
      ...emptyMessage,
      id: this.#deps.newId(),
      role: 'assistant' as const,
      content: live.text.trim(),
      model,
      finishReason: 'failed',
    }
    const failure = {
      kind: 'unknown' as const,
      message: 'Something went wrong on the server; its log says what.',
      retryable: true,
      httpStatus: null,
      providerRequestId: null,
    }
    const observation = {
      asOf: asOfNow(state, this.#deps.clock.now()),
      steps: [...live.steps],
      citations: [],
      unverified: [],
      proposals: [],
      noteKind: null,
      calls: 0,
      failure,
    }
    live.finish(await this.#deps.observers.add(runId, { kind: 'answer', message, observation }))
  }

  /** The built-in analyst: the same tools, templates instead of a model. */
  async #analyse(
    live: LiveAnswer,
    runId: string,
    question: string,
    first: ObserverStep,
    state: RunFacts,
  ): Promise<Reply> {
    const proposals: Proposal[] = []
    const known = new Map<string, unknown>([['run_state {}', first.result]])
    const look: Look = async (name, input) => {
      const key = `${name} ${JSON.stringify(input)}`
      const seen = known.get(key)
      if (seen !== undefined) return seen as never
      const { step, output, proposal } = await useTool(this.#deps, runId, name, input)
      live.addStep(step)
      if (proposal) proposals.push(proposal)
      if (output === null) throw new LookError(step.error ?? 'A look failed.')
      known.set(key, output)
      return output as never
    }
    const criteria = [...new Set(state.sums.filter(({ n }) => n > 0).map(({ criterion }) => criterion))]
    const text = await analyse(question, criteria, look).catch((error: unknown) => {
      if (error instanceof LookError) return error.message
      throw error
    })
    live.write(text)
    const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }
    return { proposals, calls: 0, usage, finish: 'stop', failure: null }
  }
}

/** What a tool could not say; the sentence is the answer. */
class LookError extends Error {}

export function asOfNow({ run }: RunFacts, now: Date): AsOf {
  return { done: doneOf(run.progress), total: run.progress.counts.total, at: now.toISOString() }
}

export function stepsOf({ observation }: ObserverEntry): ObserverStep[] {
  return observation?.steps ?? []
}
