import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ChatCall, Fault, type Outcome } from './call.ts'
import { runAt, sendHalfJson, sendJson, sendStream } from './delivery.ts'
import type { Engine, Plan } from './engine.ts'
import type { FlatHeaders, ProtocolAdapter } from './protocols/adapter.ts'
import { splitIntoPieces } from './tokens.ts'

/** Tokens in one event when no speed is set: as few events as look like a stream. */
const tokensPerPieceAtOnce = 8

/** One HTTP exchange with everything that is needed to answer it. */
export interface Exchange {
  engine: Engine
  adapter: ProtocolAdapter
  request: IncomingMessage
  response: ServerResponse
  id: string
  /** When the request arrived, by performance.now(). */
  arrivedAt: number
}

/** Answer a chat call: with text, a stream, an error, or never. */
export function answerChat(exchange: Exchange, body: unknown): void {
  const { engine, adapter, response } = exchange
  let call: ChatCall
  try {
    call = adapter.readCall(body)
    if (!engine.hasModel(call.protocol, call.model)) throw modelNotFound(call)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    sendFault(exchange, error)
    return
  }
  const end = engine.stats.begin(call.model)
  let isCutOff = false
  response.once('close', () => {
    if (!response.writableFinished && !isCutOff) engine.stats.count('aborted')
    end()
  })
  engine.onRequest?.(body)
  const reply = engine.reply(call)
  if (reply instanceof Fault) {
    engine.stats.answered(call.model, 'unanswered')
    end()
    sendFault(exchange, reply)
    return
  }
  const admission = engine.admit(call, reply, exchange.arrivedAt)
  const headers = adapter.limitHeaders(admission)
  if (admission.stoppedBy !== null) {
    engine.stats.answered(call.model, 'unanswered')
    end()
    const message = `Rate limit reached for ${call.model} on ${admission.stoppedBy} per minute. Please try again in ${Math.ceil(admission.retryAfterMs)}ms.`
    sendFault(exchange, new Fault('rate limit', message, admission.stoppedBy), [
      ...headers,
      ...adapter.retryHeaders(admission.retryAfterMs),
    ])
    return
  }
  const plan = engine.plan(call, reply)
  countPlan(engine, call, plan)
  isCutOff = plan.do === 'answer' && plan.isReset
  if (plan.do === 'hang') return
  const dueAt = exchange.arrivedAt + engine.drawLatency()
  const onEnd = () => {
    end()
    engine.onLastByte?.(call)
  }
  runAt(dueAt, response, () => {
    if (plan.do === 'fail') {
      end()
      sendFault(exchange, plan.fault, headers)
    } else if (call.stream) {
      streamOutcome(exchange, call, plan.outcome, { headers, startAt: dueAt, isReset: plan.isReset, onEnd })
    } else {
      sendOutcome(exchange, call, plan.outcome, { headers, isReset: plan.isReset, onEnd })
    }
  })
}

function countPlan(engine: Engine, call: ChatCall, plan: Plan): void {
  if (plan.do !== 'answer') {
    engine.stats.answered(call.model, 'unanswered')
    return
  }
  if (plan.isReset) engine.stats.count('reset')
  const { usage } = plan.outcome
  engine.stats.answered(call.model, plan.kind, usage.promptTokens, usage.completionTokens)
}

interface Sending {
  headers: FlatHeaders
  isReset: boolean
  onEnd: () => void
}

function sendOutcome(exchange: Exchange, call: ChatCall, outcome: Outcome, { headers, isReset, onEnd }: Sending): void {
  const { adapter, response, id } = exchange
  const body = adapter.completion(call, outcome, id)
  const allHeaders = [adapter.requestIdHeader, requestId(id), ...headers]
  if (isReset) {
    sendHalfJson(response, body, allHeaders)
  } else {
    onEnd()
    sendJson(response, 200, body, allHeaders)
  }
}

function streamOutcome(
  exchange: Exchange,
  call: ChatCall,
  outcome: Outcome,
  sending: Sending & { startAt: number },
): void {
  const { adapter, engine, response, id } = exchange
  const { tokensPerSecond } = engine.settings
  const { head, piece, tail } = adapter.eventStream(call, outcome, id)
  sendStream(response, [adapter.requestIdHeader, requestId(id), ...sending.headers], {
    head,
    piece,
    tail,
    pieces: splitIntoPieces(outcome.text, tokensPerSecond === 0 ? tokensPerPieceAtOnce : 1),
    startAt: sending.startAt,
    intervalMs: tokensPerSecond === 0 ? 0 : 1000 / tokensPerSecond,
    isReset: sending.isReset,
    onEnd: sending.onEnd,
  })
}

/** Answer with an error in the shape of the provider, and count it. */
export function sendFault({ adapter, engine, response, id }: Exchange, fault: Fault, headers: FlatHeaders = []): void {
  const { status, body } = adapter.errorResponse(fault, requestId(id))
  engine.stats.error(status)
  sendJson(response, status, body, [adapter.requestIdHeader, requestId(id), ...headers])
}

/** The fault of a model that is not offered, in the provider's own words. */
export function modelNotFound({ model, protocol }: Pick<ChatCall, 'model' | 'protocol'>): Fault {
  return new Fault(
    'model not found',
    protocol === 'anthropic'
      ? `model: ${model}`
      : `The model \`${model}\` does not exist or you do not have access to it.`,
  )
}

function requestId(id: string): string {
  return `req_${id}`
}
