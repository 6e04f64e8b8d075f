import type { ChatDetail, Failure, Message, ReplyEvent, RetryReplyInput, SendMessageInput } from '@proctor/schema'
import { AbortedError, UserError } from '../../domain/errors.ts'
import type { ChatMessage, ChatStore, NewId } from '../../domain/ports.ts'
import type { NewMessage } from '../../domain/run-ports.ts'
import { CallFailedError } from '../call-model.ts'
import type { CallableModel, ModelGateway } from '../model-gateway.ts'
import { LiveReply } from './live-reply.ts'

const timeoutMs = 300_000
const maxFailures = 1000

export interface ChatDeskDeps {
  chats: ChatStore
  gateway: ModelGateway
  newId: NewId
  onError: (conversationId: string, error: unknown) => void
}

/**
 * Holds conversations with models. A message is sent once, by a mutation; the reply is written in the
 * background and can be read by whoever subscribes, so a lost connection neither loses nor repeats it.
 * Replies in flight live in memory: after a crash the question stands without an answer and can be retried.
 */
export class ChatDesk {
  readonly #deps: ChatDeskDeps
  /** Why the last replies did not come; a page that asks too late to have heard it still gets the reason. */
  readonly #failures = new Map<string, Failure>()
  readonly #live = new Map<string, { reply: LiveReply; ended: Promise<void> }>()

  constructor(deps: ChatDeskDeps) {
    this.#deps = deps
  }

  async get(conversationId: string): Promise<ChatDetail> {
    const chat = await this.#deps.chats.get(conversationId)
    if (chat)
      return {
        ...chat,
        isReplying: this.#live.has(conversationId),
        failure: this.#failures.get(conversationId) ?? null,
      }
    throw new UserError('not-found', {
      field: 'conversationId',
      message: 'There is no such conversation.',
      mend: 'Check the id; it may have been deleted.',
    })
  }

  /** Stores the message and begins the reply. */
  async send({ text, ...settings }: SendMessageInput): Promise<Message> {
    const { messages, model } = await this.#prepare(settings)
    const turn = (messages.at(-1)?.turn ?? 0) + 1
    const reply = this.#begin(settings.conversationId)
    try {
      const message = await this.#deps.chats.addMessage(settings.conversationId, {
        ...emptyMessage,
        id: this.#deps.newId(),
        role: 'user',
        content: text,
        turn,
      })
      this.#write(reply, model, settings, [...messages, message])
      return message
    } catch (error) {
      this.#live.delete(settings.conversationId)
      throw error
    }
  }

  /** Begins a reply to the last message, which has none. */
  async retry(settings: RetryReplyInput): Promise<void> {
    const { messages, model } = await this.#prepare(settings)
    if (messages.at(-1)?.role !== 'user')
      throw new UserError('conflict', {
        field: 'conversationId',
        message: 'The last message has its answer.',
        mend: 'Send another message instead.',
      })
    this.#write(this.#begin(settings.conversationId), model, settings, messages)
  }

  stop(conversationId: string): void {
    this.#live.get(conversationId)?.reply.stop()
  }

  async *read(conversationId: string, signal: AbortSignal): AsyncGenerator<ReplyEvent, void, undefined> {
    const live = this.#live.get(conversationId)
    if (live) yield* live.reply.read(signal)
    else yield { type: 'idle' }
  }

  /** Stops every reply, with what was written so far kept. */
  async close(): Promise<void> {
    const all = [...this.#live.values()]
    for (const { reply } of all) reply.stop()
    await Promise.all(all.map(({ ended }) => ended))
  }

  async #prepare({ conversationId, model }: RetryReplyInput) {
    const { messages } = await this.get(conversationId)
    const callable = await this.#deps.gateway.model(model, 'model')
    if (this.#live.has(conversationId))
      throw new UserError('conflict', {
        field: 'conversationId',
        message: 'A reply is being written.',
        mend: 'Wait for it, or stop it first.',
      })
    return { messages, model: callable }
  }

  /** Takes the conversation, with no await between the check and this: two senders at once get one reply. */
  #begin(conversationId: string): LiveReply {
    if (this.#live.has(conversationId))
      throw new UserError('conflict', {
        field: 'conversationId',
        message: 'A reply is being written.',
        mend: 'Wait for it, or stop it first.',
      })
    this.#failures.delete(conversationId)
    const reply = new LiveReply()
    this.#live.set(conversationId, { reply, ended: Promise.resolve() })
    return reply
  }

  #write(reply: LiveReply, model: CallableModel, settings: RetryReplyInput, history: readonly Message[]): void {
    const { conversationId } = settings
    const ended = this.#generate(reply, model, settings, history)
      .catch((error: unknown) => {
        this.#deps.onError(conversationId, error)
        this.#fail(conversationId, reply, unknownFailure(error))
      })
      .finally(() => this.#live.delete(conversationId))
    this.#live.set(conversationId, { reply, ended })
  }

  #fail(conversationId: string, reply: LiveReply, failure: Failure): void {
    this.#failures.set(conversationId, failure)
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > maxFailures && oldest !== undefined) this.#failures.delete(oldest)
    reply.finish({ type: 'failed', failure })
  }

  async #generate(
    reply: LiveReply,
    model: CallableModel,
    settings: RetryReplyInput,
    history: readonly Message[],
  ): Promise<void> {
    const request = {
      messages: history.flatMap(toChatMessage),
      maxOutputTokens: settings.maxOutputTokens,
      ...(settings.systemPrompt === undefined ? {} : { system: settings.systemPrompt }),
      ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    }
    const answer = { ...emptyMessage, role: 'assistant' as const, turn: history.at(-1)?.turn ?? 1, model: model.ref }
    const keep = async (rest: Partial<NewMessage>) => {
      const message = { ...answer, id: this.#deps.newId(), ...rest }
      reply.finish({ type: 'done', message: await this.#deps.chats.addMessage(settings.conversationId, message) })
    }
    try {
      // One attempt: what was written of a broken one stands on the reader's page, who decides to try again.
      const { result } = await model.call(request, { timeoutMs, maxAttempts: 1 }, reply.signal, (text) =>
        reply.write(text),
      )
      const { text, usage, finishReason, providerRequestId, latencyMs, timeToFirstTokenMs } = result
      const facts = { ...usage, finishReason, providerRequestId, latencyMs, timeToFirstTokenMs }
      await keep({ content: text, ...facts, costMicros: model.costOf(usage) })
    } catch (error) {
      if (error instanceof CallFailedError) this.#fail(settings.conversationId, reply, error.failure)
      else if (!(error instanceof AbortedError)) throw error
      else if (reply.text === '') reply.finish({ type: 'stopped' })
      else await keep({ content: reply.text, finishReason: 'stopped' })
    }
  }
}

const emptyMessage: Omit<NewMessage, 'id' | 'role' | 'turn'> = {
  content: '',
  model: null,
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  latencyMs: null,
  timeToFirstTokenMs: null,
  costMicros: null,
  finishReason: null,
  providerRequestId: null,
  attempts: [],
}

function toChatMessage({ role, content }: Message): ChatMessage[] {
  return role === 'system' ? [] : [{ role, content }]
}

function unknownFailure(error: unknown) {
  return {
    kind: 'unknown' as const,
    message: error instanceof Error ? error.message : String(error),
    retryable: true,
    httpStatus: null,
    providerRequestId: null,
  }
}
