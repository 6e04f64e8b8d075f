import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ChatCall, Fault, type Outcome, type Protocol, type Reply } from './call.ts'
import { type Admission, Limits } from './limits.ts'
import { PromptCache } from './prompt-cache.ts'
import { createDraws, type Draws } from './random.ts'
import { loadRecordings, type Recordings } from './recordings.ts'
import { replyGenerically } from './responders/generic.ts'
import { replyAsJudge, spoilVerdict } from './responders/judge.ts'
import { replyByLooking } from './responders/look.ts'
import { replyFromScript } from './responders/script.ts'
import { replyFromRecording } from './responders/replay.ts'
import { changeSettings, type Settings } from './settings.ts'
import { StatsCounter } from './stats.ts'
import { estimateTokens } from './tokens.ts'

const demoFolder = fileURLToPath(new URL('../demo/', import.meta.url))
const ownModels: Record<Protocol, readonly string[]> = { openai: ['sim-large', 'sim-small'], anthropic: ['sim-claude'] }
const refusal = "I'm sorry, but I can't help with that."

/** What is to be done with an admitted call. */
export type Plan =
  | { do: 'hang' }
  | { do: 'fail'; fault: Fault }
  | { do: 'answer'; outcome: Outcome; kind: Reply['kind']; isReset: boolean }

/** Decides everything about a call that does not depend on the wire: models, answers, limits and faults. */
export class Engine {
  readonly stats = new StatsCounter()
  settings: Settings
  /** Called when the last byte of an answer is handed to the network; benchmarks count from there. */
  onLastByte: ((call: ChatCall) => void) | null = null
  #recordings: Recordings
  #models: Record<Protocol, Set<string>>
  #limits: Limits
  #draws: Draws
  #errorTurn = 0
  #malformedTurn = 0
  #cache = new PromptCache()
  /** How often a scripted reply has failed. */
  #scriptedFailures = new Map<string, number>()
  /** Called with each request as it came; benchmarks measure its size. */
  onRequest: ((body: unknown) => void) | null = null

  constructor(settings: Settings) {
    this.settings = settings
    this.#recordings = loadRecordings(foldersOf(settings))
    this.#models = modelsOf(this.#recordings)
    this.#limits = new Limits(settings.rpm, settings.tpm, settings.limitBurstSeconds)
    this.#draws = createDraws(settings.seed)
  }

  /** Change settings at runtime; changing the seed or a rate begins the random draws anew. */
  configure(change: unknown): Settings {
    const next = changeSettings(this.settings, change)
    const changes = (...names: (keyof Settings)[]): boolean => names.some((name) => next[name] !== this.settings[name])
    if (changes('replay', 'demo')) {
      this.#recordings = loadRecordings(foldersOf(next))
      this.#models = modelsOf(this.#recordings)
    }
    if (changes('rpm', 'tpm', 'limitBurstSeconds'))
      this.#limits = new Limits(next.rpm, next.tpm, next.limitBurstSeconds)
    if (changes('seed', 'errorRate', 'malformedRate', 'resetRate', 'refuseRate', 'hangRate')) {
      this.#draws = createDraws(next.seed)
      this.#errorTurn = 0
      this.#malformedTurn = 0
    }
    if (changes('script')) this.#scriptedFailures = new Map()
    this.settings = next
    return next
  }

  modelsOn(protocol: Protocol): string[] {
    return [...this.#models[protocol]]
  }

  hasModel(protocol: Protocol, model: string): boolean {
    return this.#models[protocol].has(model)
  }

  accepts(key: string): boolean {
    return this.settings.apiKey === null ? key !== '' : key === this.settings.apiKey
  }

  /** Milliseconds to the first token of the next call. */
  drawLatency(): number {
    const { latencyMs, jitterMs } = this.settings
    return jitterMs === 0 ? latencyMs : latencyMs + jitterMs * this.#draws.next('jitter')
  }

  /** The reply to a call, or the fault that a script has for it. */
  reply(call: ChatCall): Reply | Fault {
    const { seed, script } = this.settings
    return (
      replyAsJudge(call, this.#recordings, seed) ??
      replyFromScript(call, script, this.#scriptedFailures) ??
      replyByLooking(call) ??
      this.#replyFromRecording(call) ??
      replyGenerically(call, seed)
    )
  }

  /** Prompt and answer are charged together, since the answer is known beforehand. */
  admit(call: ChatCall, reply: Reply, now: number): Admission {
    const { rpm, tpm } = this.settings
    return this.#limits.admit(
      call.model,
      rpm === 0 && tpm === 0 ? 0 : call.promptTokens + estimateTokens(reply.text),
      now,
    )
  }

  /** Draws the faults of an admitted call and applies them to its reply. */
  plan(call: ChatCall, reply: Reply): Plan {
    const { hangRate, errorRate, refuseRate, malformedRate, resetRate } = this.settings
    if (this.#draws.happens('hang', hangRate)) {
      this.stats.count('hung')
      return { do: 'hang' }
    }
    if (this.#draws.happens('error', errorRate)) return { do: 'fail', fault: this.#nextError() }
    const refused = this.#draws.happens('refuse', refuseRate)
    if (refused) this.stats.count('refused')
    let text = refused ? refusal : reply.text
    const isVerdict = reply.kind === 'recorded verdict' || reply.kind === 'made-up verdict'
    if (isVerdict && !refused && this.#draws.happens('malformed', malformedRate)) {
      text = spoilVerdict(text, this.#malformedTurn)
      this.#malformedTurn += 1
      this.stats.count('malformed')
    }
    const usage = { promptTokens: call.promptTokens, completionTokens: estimateTokens(text), ...this.#cache.look(call) }
    const outcome: Outcome = {
      text,
      tool: refused ? null : call.forcedTool,
      toolCalls: refused ? [] : (reply.toolCalls ?? []),
      refused,
      truncated: !refused && reply.truncated === true,
      usage,
    }
    return { do: 'answer', outcome, kind: reply.kind, isReset: this.#draws.happens('reset', resetRate) }
  }

  #replyFromRecording(call: ChatCall): Reply | null {
    return call.schema ? null : replyFromRecording(call, this.#recordings)
  }

  #nextError(): Fault {
    this.#errorTurn += 1
    return this.#errorTurn % 2 === 1
      ? new Fault('server', 'The server had an error while processing your request. Sorry about that!')
      : new Fault('overloaded', 'Overloaded')
  }
}

function foldersOf({ replay, demo }: Settings): string[] {
  const hasDemo = demo && existsSync(`${demoFolder}answers.jsonl`) && existsSync(`${demoFolder}suite.json`)
  return hasDemo ? [...replay, demoFolder] : [...replay]
}

function modelsOf({ models }: Recordings): Record<Protocol, Set<string>> {
  return {
    openai: new Set([...ownModels.openai, ...models]),
    anthropic: new Set([...ownModels.anthropic, ...models]),
  }
}
