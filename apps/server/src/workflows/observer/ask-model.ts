import type { Failure, ObserverEntry, ObserverStep, Proposal, Usage } from '@proctor/schema'
import { AbortedError } from '../../domain/errors.ts'
import {
  bounds,
  fence,
  lastCallNotice,
  rememberedCharacters,
  rememberedTurns,
  renderQuestion,
  systemPrompt,
} from '../../domain/observer/prompt.ts'
import { cut } from '../../domain/observer/present.ts'
import { toolDefinitions } from '../../domain/observer/tools.ts'
import type { ChatMessage, ChatResult, Clock, Random, ToolCall } from '../../domain/ports.ts'
import { retryDelayMs } from '../../domain/scheduler/retry-policy.ts'
import { CallFailedError } from '../call-model.ts'
import type { CallableModel } from '../model-gateway.ts'
import type { LiveAnswer } from './live-answer.ts'
import { useTool, type ToolDeps } from './use-tool.ts'

const timeoutMs = 120_000
const maxAttempts = 3

export interface AskDeps extends ToolDeps {
  clock: Clock
  random: Random
}

export interface Asked {
  runId: string
  question: string
  model: CallableModel
  /** What was said before, oldest first. */
  history: readonly ObserverEntry[]
  /** The run's state as the first step holds it. */
  state: ObserverStep
}

export interface Reply {
  proposals: Proposal[]
  calls: number
  usage: Usage
  finish: 'stop' | 'length' | 'stopped' | 'failed'
  failure: Failure | null
}

/**
 * Asks a model, which looks at the run through tools, in a loop that ends whatever the model does: so many
 * calls, so many looks, so many tokens of context, so much money. Text and steps go to `live` as they come.
 * A failure and a stop keep what there is.
 */
export async function askModel(deps: AskDeps, asked: Asked, live: LiveAnswer): Promise<Reply> {
  const { runId, question, model, state } = asked
  // It brings a tokenizer of 60 MB: a process that nobody asks does without.
  const { fitContext } = await import('./fit-context.ts')
  const nonce = makeNonce(deps.random)
  const system = systemPrompt(nonce)
  const messages: ChatMessage[] = [
    ...remember(asked.history),
    { role: 'user', content: renderQuestion(question, state.result, nonce) },
  ]
  const reply: Reply = {
    proposals: [],
    calls: 0,
    usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
    finish: 'stop',
    failure: null,
  }
  let looks = 0
  const spent = () => model.costOf(reply.usage) ?? 0

  const call = async (isLast: boolean): Promise<ChatResult> => {
    const request = {
      system,
      messages: fitContext(system, isLast ? withNotice(messages) : messages),
      tools: toolDefinitions,
      toolChoice: isLast ? ('none' as const) : ('auto' as const),
      maxOutputTokens: bounds.outputTokens,
    }
    const from = live.text === '' ? '' : '\n\n'
    const start = live.text.length
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false
      const onText = (text: string) => {
        live.write(hasBegun ? text : from + text)
        hasBegun = true
      }
      try {
        const { result } = await model.call(request, { timeoutMs, maxAttempts: 1 }, live.signal, onText)
        return result
      } catch (error) {
        if (!(error instanceof CallFailedError)) throw error
        const delayMs = error.failure.retryable ? retryDelayMs(attempt, maxAttempts, null, deps.random) : null
        if (delayMs === null) throw error
        live.rewind(start)
        await deps.clock.sleep(delayMs, live.signal)
      }
    }
  }

  const look = async (calls: readonly ToolCall[]): Promise<void> => {
    const allowed = Math.max(0, bounds.toolCalls - looks)
    looks += calls.length
    const looked = await Promise.all(
      calls.slice(0, allowed).map(({ name, arguments: input }) => useTool(deps, runId, name, input)),
    )
    calls.forEach(({ id }, index) => {
      const one = looked[index]
      if (one) {
        live.addStep(one.step)
        if (one.proposal) addProposal(reply.proposals, one.proposal)
      }
      const content = one
        ? fence(one.step.error === null ? one.step.result : { error: one.step.error }, nonce)
        : lastCallNotice
      messages.push({ role: 'tool', toolCallId: id, content })
    })
  }

  try {
    for (;;) {
      const isLast =
        reply.calls + 1 >= bounds.calls ||
        looks >= bounds.toolCalls ||
        // One more call like those so far, and the answer after it, must still fit.
        (reply.calls > 0 && spent() + (2 * spent()) / reply.calls > bounds.costMicros)
      const result = await call(isLast)
      reply.calls += 1
      addUsage(reply.usage, result.usage)
      if (result.toolCalls.length === 0) {
        if (live.text.trim() === '') return { ...reply, finish: 'failed', failure: noAnswer('The model gave no text.') }
        return { ...reply, finish: result.finishReason === 'length' ? 'length' : 'stop' }
      }
      if (isLast)
        return {
          ...reply,
          finish: 'failed',
          failure: noAnswer(`The model kept asking for tools and did not come to an answer in ${reply.calls} calls.`),
        }
      messages.push({ role: 'assistant', content: result.text, toolCalls: result.toolCalls })
      await look(result.toolCalls)
      if (live.signal.aborted) return { ...reply, finish: 'stopped' }
    }
  } catch (error) {
    if (error instanceof CallFailedError) return { ...reply, finish: 'failed', failure: error.failure }
    if (error instanceof AbortedError) return { ...reply, finish: 'stopped' }
    throw error
  }
}

/** The last few exchanges, cut short: facts are looked up anew, since the run moves. */
function remember(history: readonly ObserverEntry[]): ChatMessage[] {
  const turns = history.filter(({ kind, text }) => kind !== 'note' && text.trim() !== '')
  const kept = turns.slice(-2 * rememberedTurns)
  // It begins with a question, and a question that got no answer has no place in it.
  return kept.flatMap((entry, index): ChatMessage[] => {
    const next = kept[index + 1]
    if (entry.kind !== 'question' || next?.kind !== 'answer') return []
    return [
      { role: 'user', content: cut(entry.text, rememberedCharacters) },
      { role: 'assistant', content: cut(next.text, rememberedCharacters) },
    ]
  })
}

function withNotice(messages: readonly ChatMessage[]): ChatMessage[] {
  const last = messages.at(-1)
  if (!last || last.role === 'assistant') return [...messages]
  return [...messages.slice(0, -1), { ...last, content: `${last.content}\n${lastCallNotice}` }]
}

function addProposal(proposals: Proposal[], proposal: Proposal): void {
  const key = JSON.stringify(proposal)
  if (!proposals.some((known) => JSON.stringify(known) === key)) proposals.push(proposal)
}

function addUsage(sum: Usage, usage: Usage): void {
  sum.inputTokens += usage.inputTokens
  sum.outputTokens += usage.outputTokens
  sum.cachedInputTokens += usage.cachedInputTokens
}

function noAnswer(message: string): Failure {
  return { kind: 'unknown', message, retryable: true, httpStatus: null, providerRequestId: null }
}

export function makeNonce(random: Random): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
