import type { JudgeSettings } from '@proctor/schema'
import { AbortedError, LeaseLostError, UserError } from '../../domain/errors.ts'
import type { AnswerCache, Clock, NewId, Random } from '../../domain/ports.ts'
import type { DrivenRun, ItemToJudge, Outcome, PendingItem, RunDriverStore } from '../../domain/run-ports.ts'
import { buildJudgeRequest } from '../../domain/judge/prompt.ts'
import { Budget } from '../../domain/scheduler/budget.ts'
import { judgeSubject } from '../judge-subject.ts'
import type { CallableModel, ModelGateway } from '../model-gateway.ts'
import { answerItem } from './answer-item.ts'
import { Recorder } from './recorder.ts'
import { JudgeSource, PendingSource } from './sources.ts'
import { StopSwitch } from './stop-switch.ts'

export interface DriveDeps {
  store: RunDriverStore
  gateway: ModelGateway
  cache: AnswerCache
  clock: Clock
  random: Random
  newId: NewId
  workerId: string
}

/** A dead driver's run is taken over after this long. */
const leaseMs = 5000
const renewEveryMs = 1250
const latencyEveryMs = 3000
/** A call is told as running once it has lasted this long: most are over before anybody could look. */
const toldAsRunningAfterMs = 200

/** How a drive is ended from outside: first no new calls, then those in flight are stopped too. */
export interface Shutdown {
  drain: AbortSignal
  abort: AbortSignal
}

/**
 * Drives one run from where it stands until it is done, paused or cancelled, or until it is shut down.
 * Returns at once when another worker drives it.
 */
export async function driveRun(deps: DriveDeps, runId: string, shutdown: Shutdown): Promise<void> {
  const run = await deps.store.acquire(runId, deps.workerId, leaseMs)
  if (run) await new Drive(deps, run).toTheEnd(shutdown)
}

class Drive {
  readonly #deps: DriveDeps
  readonly #run: DrivenRun
  readonly #budget: Budget
  readonly #recorder: Recorder
  readonly #stop = new StopSwitch()
  /** Items whose calls are in flight and not yet told as running, oldest first, with the time of their start. */
  readonly #untold = new Map<string, number>()
  #judgeSource: JudgeSource | null = null

  constructor(deps: DriveDeps, run: DrivenRun) {
    this.#deps = deps
    this.#run = run
    this.#budget = new Budget(run.budgetMicros, run.spentMicros)
    this.#recorder = new Recorder((outcomes) => deps.store.record(run.id, run.epoch, outcomes), deps.clock)
  }

  async toTheEnd({ drain, abort }: Shutdown): Promise<void> {
    const { store } = this.#deps
    const over = new AbortController()
    const handBack = () => this.#stop.drain('handed-back')
    const stopCalls = () => this.#stop.abort('handed-back')
    drain.addEventListener('abort', handBack)
    abort.addEventListener('abort', stopCalls)
    if (drain.aborted) handBack()
    const stopListening = store.onControl(this.#run.id, () => void this.#renew())
    const chores = [this.#every(renewEveryMs, over.signal, () => this.#renew())]
    chores.push(this.#every(toldAsRunningAfterMs / 2, over.signal, () => this.#tellRunning()))
    chores.push(this.#every(latencyEveryMs, over.signal, () => store.refreshLatency(this.#run.id)))
    try {
      this.#obey(this.#run)
      for (;;) {
        await this.#pass()
        await this.#recorder.flush()
        if (this.#stop.error) throw this.#stop.error
        await store.refreshLatency(this.#run.id)
        if (await store.finish(this.#run.id, this.#run.epoch, this.#stop.verdict)) return
      }
    } catch (error) {
      // Another worker has the run: nothing of ours may be written any more.
      if (error instanceof LeaseLostError) return
      // Something that only a person can mend, such as a key that is gone: say so and wait.
      if (!(error instanceof UserError)) throw error
      const message = `${error.message} ${error.mend}`
      await store.finish(this.#run.id, this.#run.epoch, { type: 'paused', reason: 'internal-error', message })
    } finally {
      over.abort()
      stopListening()
      drain.removeEventListener('abort', handBack)
      abort.removeEventListener('abort', stopCalls)
      await Promise.all(chores)
    }
  }

  /** Once through all the work that there is: answers, and beside or after them the judging. */
  async #pass(): Promise<void> {
    const { store, gateway } = this.#deps
    const runId = this.#run.id
    const model = await gateway.model(this.#run.model, 'model')
    const pending = new PendingSource((after, limit) => store.loadPending(runId, after, limit))
    const judging = new JudgeSource((after, limit) => store.loadToJudge(runId, after, limit))
    this.#judgeSource = judging
    this.#stop.stopSignal.addEventListener('abort', () => judging.stop(), { once: true })
    const judgeLive = this.#run.judge?.when === 'live'
    const judgeLane = () =>
      this.#lane(
        () => judging.next(),
        (item) => this.#judge(item, judging),
      )
    const judged = judgeLive ? judgeLane() : Promise.resolve()
    try {
      await this.#lane(
        () => pending.next(),
        (item) => this.#answer(item, model, judging),
      )
    } finally {
      judging.close()
    }
    await judged
    if (!judgeLive) await judgeLane()
  }

  /** `concurrency` workers that take and process items until there are none or the run stops. */
  async #lane<T>(next: () => Promise<T | null>, process: (item: T) => Promise<void>): Promise<void> {
    const worker = async (): Promise<void> => {
      try {
        while (!this.#stop.isStopping) {
          const item = await next()
          if (item === null) return
          await process(item)
        }
      } catch (error) {
        if (!(error instanceof AbortedError)) this.#stop.fail(error)
      }
    }
    await Promise.all(Array.from({ length: this.#run.concurrency }, worker))
  }

  async #answer(item: PendingItem, model: CallableModel, judging: JudgeSource): Promise<void> {
    this.#untold.set(item.id, this.#deps.clock.monotonicMs())
    const release = () => {
      if (!this.#untold.has(item.id)) this.#note({ type: 'released', itemId: item.id })
    }
    const deps = { model, budget: this.#budget, cache: this.#deps.cache, newId: this.#deps.newId }
    try {
      const outcome = await answerItem(deps, item, this.#run.call, this.#stop.abortSignal)
      if (outcome === null) {
        release()
        this.#stop.drain('over-budget')
        return
      }
      this.#untold.delete(item.id)
      await this.#recorder.record(outcome)
      if (outcome.type === 'answered' && item.judgeWanted) judging.push(toJudge(item, outcome, this.#run))
    } catch (error) {
      // Stopped in flight means pending, not failed.
      if (error instanceof AbortedError) release()
      throw error
    } finally {
      this.#untold.delete(item.id)
    }
  }

  #tellRunning(): Promise<void> {
    const sinceMs = this.#deps.clock.monotonicMs() - toldAsRunningAfterMs
    for (const [itemId, startedMs] of this.#untold) {
      if (startedMs > sinceMs) break
      this.#untold.delete(itemId)
      this.#note({ type: 'started', itemId })
    }
    return Promise.resolve()
  }

  async #judge(item: ItemToJudge, judging: JudgeSource): Promise<void> {
    const { judge: settings } = this.#run
    if (!settings) return
    const { gateway, newId, random } = this.#deps
    const judge = await gateway.model(settings.model, 'judge.model')
    const reservedMicros = worstCaseOfVerdict(judge, item, settings)
    if (!(await this.#budget.reserve(reservedMicros))) return this.#stop.drain('over-budget')
    let spentMicros = 0
    try {
      const task = { subject: item.subject, criteria: settings.criteria, threshold: settings.threshold }
      const call = await judgeSubject({ judge, newId, random }, task, this.#stop.abortSignal)
      spentMicros = call.costMicros ?? 0
      await this.#recorder.record({ type: 'judged', itemId: item.id, call })
    } finally {
      this.#budget.settle(reservedMicros, spentMicros)
      judging.release(item.id)
    }
  }

  /** Records without waiting; a failure to write ends the drive. */
  #note(outcome: Outcome): void {
    this.#recorder.record(outcome).catch((error: unknown) => this.#stop.fail(error))
  }

  #renewing: Promise<void> | null = null

  /** Keeps the lease, and learns what the user decided meanwhile. */
  #renew(): Promise<void> {
    this.#renewing ??= this.#deps.store
      .renew(this.#run.id, this.#run.epoch, leaseMs)
      .then((state) => this.#obey(state))
      .catch((error: unknown) => {
        // A database that is away for a moment is no reason to stop; the epoch guards every write.
        if (error instanceof LeaseLostError) this.#stop.fail(error)
      })
      .finally(() => (this.#renewing = null))
    return this.#renewing
  }

  #obey({ status, budgetMicros, judge }: Pick<DrivenRun, 'status' | 'budgetMicros' | 'judge'>): void {
    if (status === 'cancelled') this.#stop.abort('handed-back')
    else if (status === 'pausing') this.#stop.drain('paused')
    if (budgetMicros !== this.#budget.capMicros) this.#budget.setCap(budgetMicros)
    if (JSON.stringify(judge) !== JSON.stringify(this.#run.judge)) {
      this.#run.judge = judge
      this.#judgeSource?.rescan()
    }
  }

  async #every(intervalMs: number, signal: AbortSignal, chore: () => Promise<void>): Promise<void> {
    try {
      for (;;) {
        await this.#deps.clock.sleep(intervalMs, signal)
        await chore()
      }
    } catch (error) {
      if (!(error instanceof AbortedError)) this.#stop.fail(error)
    }
  }
}

/** The call, one repair that repeats it with the first reply as further input. */
function worstCaseOfVerdict(judge: CallableModel, item: ItemToJudge, settings: JudgeSettings): number {
  const request = buildJudgeRequest(item.subject, settings.criteria, judge.ref, '00000000')
  const reply = 'x'.repeat(request.maxOutputTokens)
  const repair = { ...request, messages: [...request.messages, { role: 'assistant' as const, content: reply }] }
  return judge.price ? judge.worstCaseOf(request) + judge.worstCaseOf(repair) : 0
}

function toJudge(item: PendingItem, outcome: Extract<Outcome, { type: 'answered' }>, run: DrivenRun): ItemToJudge {
  const conversation = outcome.messages.map(({ role, content }) => ({
    role: role === 'assistant' ? ('assistant' as const) : ('user' as const),
    content,
  }))
  return {
    id: item.id,
    position: item.position,
    subject: {
      messageId: outcome.messages.at(-1)?.id ?? '',
      runId: run.id,
      itemId: item.id,
      conversation,
      system: item.system ?? run.call.systemPrompt ?? null,
      expected: item.expected,
      notes: item.notes,
    },
  }
}
