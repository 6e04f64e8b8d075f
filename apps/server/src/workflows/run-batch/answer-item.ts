import type { Attempt, CallSettings, Usage } from '@proctor/schema'
import { describeCall } from '../../domain/cached-call.ts'
import type { AnswerCache, CachedAnswer, ChatMessage, NewId } from '../../domain/ports.ts'
import type { NewMessage, Outcome, PendingItem } from '../../domain/run-ports.ts'
import type { Budget } from '../../domain/scheduler/budget.ts'
import { runValidators } from '../../domain/validators/run-validators.ts'
import { CallFailedError } from '../call-model.ts'
import type { CallableModel } from '../model-gateway.ts'

/** Null: the budget has no room for the next call; nothing was called for this turn. */
export type AnswerOutcome = Extract<Outcome, { type: 'answered' | 'failed' }> | null

/**
 * Sends an item's turns through the chat path, one after the other, and checks the last answer.
 * An item is stored whole or not at all: when a later turn fails, the item fails.
 *
 * @throws AbortedError when the signal fired
 */
export async function answerItem(
  deps: { model: CallableModel; budget: Budget; cache: AnswerCache; newId: NewId },
  item: PendingItem,
  settings: CallSettings,
  signal: AbortSignal,
): Promise<AnswerOutcome> {
  const { model, budget, cache, newId } = deps
  const system = item.system ?? settings.systemPrompt
  const conversation: ChatMessage[] = []
  const messages: NewMessage[] = []
  const usage: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }
  let latencyMs: number | null = null
  let timeToFirstTokenMs: number | null = null
  let totalCostMicros: number | null = 0
  let attempts = 0

  for (const [index, prompt] of item.turns.entries()) {
    conversation.push({ role: 'user', content: prompt })
    const request = {
      messages: [...conversation],
      maxOutputTokens: settings.maxOutputTokens,
      ...(system === undefined ? {} : { system }),
      ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    }
    const call = settings.useCache === true ? describeCall(model.ref, model.host, request, item.repeat) : null
    const known = call === null ? null : await cache.find(call)
    if (known) {
      addUsage(usage, known.usage)
      conversation.push({ role: 'assistant', content: known.text })
      messages.push(
        { ...emptyMessage, id: newId(), role: 'user', content: prompt, turn: index + 1 },
        { ...emptyMessage, ...fromCache(model.ref, known), id: newId(), turn: index + 1 },
      )
      continue
    }
    const reservedMicros = model.worstCaseOf(request)
    if (!(await budget.reserve(reservedMicros))) return null
    let spentMicros = 0
    try {
      const { result, tries } = await model.call(request, settings, signal)
      const costMicros = model.costOf(result.usage)
      spentMicros = costMicros ?? 0
      attempts += tries.length + 1
      latencyMs = (latencyMs ?? 0) + result.latencyMs
      timeToFirstTokenMs ??= result.timeToFirstTokenMs
      addUsage(usage, result.usage)
      totalCostMicros = totalCostMicros === null || costMicros === null ? null : totalCostMicros + costMicros
      conversation.push({ role: 'assistant', content: result.text })
      messages.push(
        { ...emptyMessage, id: newId(), role: 'user', content: prompt, turn: index + 1 },
        {
          id: newId(),
          role: 'assistant',
          content: result.text,
          turn: index + 1,
          model: model.ref,
          ...result.usage,
          latencyMs: result.latencyMs,
          timeToFirstTokenMs: result.timeToFirstTokenMs,
          costMicros,
          finishReason: result.finishReason,
          providerRequestId: result.providerRequestId,
          attempts: tries,
        },
      )
      if (call !== null) {
        const { text, usage: used, finishReason } = result
        await cache.keep(call, { text, usage: used, finishReason })
      }
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error
      return failedOutcome(item.id, error, attempts)
    } finally {
      budget.settle(reservedMicros, spentMicros)
    }
  }

  return {
    type: 'answered',
    itemId: item.id,
    messages,
    attempts,
    latencyMs,
    timeToFirstTokenMs,
    usage,
    costMicros: totalCostMicros,
    validatorResults: runValidators(messages.at(-1)?.content ?? '', item.validators),
  }
}

const emptyMessage = {
  model: null,
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  latencyMs: null,
  timeToFirstTokenMs: null,
  costMicros: null,
  finishReason: null,
  providerRequestId: null,
  attempts: [] as Attempt[],
}

/** An earlier answer as a message: what it cost then is paid, and it took no time now. */
function fromCache(model: string, { text, usage, finishReason }: CachedAnswer) {
  return { role: 'assistant' as const, content: text, model, ...usage, costMicros: 0, finishReason, fromCache: true }
}

function addUsage(sum: Usage, { inputTokens, outputTokens, cachedInputTokens }: Usage): void {
  sum.inputTokens += inputTokens
  sum.outputTokens += outputTokens
  sum.cachedInputTokens += cachedInputTokens
}

function failedOutcome(itemId: string, error: CallFailedError, attemptsBefore: number): AnswerOutcome {
  return {
    type: 'failed',
    itemId,
    failure: error.failure,
    attempts: attemptsBefore + error.tries.length,
    tries: error.tries,
  }
}
