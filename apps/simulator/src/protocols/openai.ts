import type { ChatCall, Fault, Outcome, ToolCall } from '../call.ts'
import type { BucketState } from '../limits.ts'
import type { EventStream, FlatHeaders, ProtocolAdapter } from './adapter.ts'
import { readOpenaiCall } from './openai-request.ts'

const modelsCreatedAt = 1_767_225_600

/** OpenAI's Chat Completions as of the `openai` SDK 7. */
export const openaiAdapter: ProtocolAdapter = {
  requestIdHeader: 'x-request-id',
  readKey: (headers) => /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim() ?? '',
  readCall: readOpenaiCall,
  errorResponse,
  limitHeaders: (admission) => [
    ...bucketHeaders('requests', admission.requests),
    ...bucketHeaders('tokens', admission.tokens),
  ],
  retryHeaders: (ms) => ['retry-after', String(Math.ceil(ms / 1000)), 'retry-after-ms', String(Math.ceil(ms))],
  completion,
  eventStream,
  modelList: (ids) => JSON.stringify({ object: 'list', data: ids.map(modelObject) }),
  modelDetails: (id) => JSON.stringify(modelObject(id)),
}

function modelObject(id: string): object {
  return { id, object: 'model', created: modelsCreatedAt, owned_by: 'proctor-simulator' }
}

function errorResponse(fault: Fault, _requestId: string): { status: number; body: string } {
  const forms = {
    authentication: [401, 'invalid_request_error', 'invalid_api_key'],
    invalid: [400, 'invalid_request_error', null],
    'model not found': [404, 'invalid_request_error', 'model_not_found'],
    'not found': [404, 'invalid_request_error', null],
    'too large': [413, 'invalid_request_error', null],
    'rate limit': [429, fault.param ?? 'requests', 'rate_limit_exceeded'],
    server: [500, 'server_error', null],
    overloaded: [503, 'server_error', null],
  } as const
  const [status, type, code] = forms[fault.kind]
  const param = fault.kind === 'rate limit' ? null : fault.param
  return { status, body: JSON.stringify({ error: { message: fault.message, type, param, code } }) }
}

function bucketHeaders(name: string, state: BucketState | null): FlatHeaders {
  if (!state) return []
  return [
    `x-ratelimit-limit-${name}`,
    String(state.limit),
    `x-ratelimit-remaining-${name}`,
    String(state.remaining),
    `x-ratelimit-reset-${name}`,
    goDuration(state.resetMs),
  ]
}

/** A duration as OpenAI writes it: 17ms, 8.64s, 1m30.951s. */
function goDuration(ms: number): string {
  const whole = Math.ceil(ms)
  if (whole < 1000) return `${whole}ms`
  const minutes = Math.floor(whole / 60_000)
  const seconds = `${(whole % 60_000) / 1000}s`
  return minutes === 0 ? seconds : `${minutes}m${seconds}`
}

function finishReason({ tool, toolCalls, refused, truncated }: Outcome): string {
  return refused ? 'stop' : truncated ? 'length' : tool === null && toolCalls.length === 0 ? 'stop' : 'tool_calls'
}

function usageOf({ usage }: Outcome): object {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function forcedCall(name: string, text: string, id: string): object {
  return { id: `call_${id}`, type: 'function', function: { name, arguments: text } }
}

function toCall({ name, input }: ToolCall, id: string, index: number): object {
  return { id: `call_${id}_${index}`, type: 'function', function: { name, arguments: argumentsOf(input) } }
}

/** A text stands for arguments that are no JSON. */
function argumentsOf(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? {})
}

const now = (): number => Math.floor(Date.now() / 1000)

function completion(call: ChatCall, outcome: Outcome, id: string): string {
  const { text, tool, refused } = outcome
  const called =
    tool === null ? outcome.toolCalls.map((call_, index) => toCall(call_, id, index)) : [forcedCall(tool, text, id)]
  const toolCalls = called.length === 0 ? {} : { tool_calls: called }
  const message = {
    role: 'assistant',
    content: refused || tool !== null || (text === '' && called.length > 0) ? null : text,
    refusal: refused ? text : null,
    annotations: [],
    ...toolCalls,
  }
  return JSON.stringify({
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: now(),
    model: call.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(outcome) }],
    usage: usageOf(outcome),
    service_tier: 'default',
    system_fingerprint: 'fp_simulator',
  })
}

function eventStream(call: ChatCall, outcome: Outcome, id: string): EventStream {
  const { tool, refused } = outcome
  const common = {
    id: `chatcmpl-${id}`,
    object: 'chat.completion.chunk',
    created: now(),
    model: call.model,
    service_tier: 'default',
    system_fingerprint: 'fp_simulator',
  }
  const usage = call.includeUsage ? { usage: null } : {}
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ ...common, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...usage })}\n\n`
  const first =
    tool === null
      ? { role: 'assistant', content: refused ? null : '', refusal: null }
      : {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [{ index: 0, id: `call_${id}`, type: 'function', function: { name: tool, arguments: '' } }],
        }
  const delta = (text: string): object =>
    tool !== null
      ? { tool_calls: [{ index: 0, function: { arguments: text } }] }
      : refused
        ? { refusal: text }
        : { content: text }
  const usageChunk = call.includeUsage
    ? `data: ${JSON.stringify({ ...common, choices: [], usage: usageOf(outcome) })}\n\n`
    : ''
  // Name first, then the arguments in two pieces, as the provider sends them.
  const calls = outcome.toolCalls.map(({ name, input }, index) => {
    const text = argumentsOf(input)
    const half = Math.ceil(text.length / 2)
    const begin = { index, id: `call_${id}_${index}`, type: 'function', function: { name, arguments: '' } }
    const pieces = [text.slice(0, half), text.slice(half)].map((part) => ({ index, function: { arguments: part } }))
    return [begin, ...pieces].map((part) => chunk({ tool_calls: [part] }, null)).join('')
  })
  // Only the text differs between the pieces, so the rest is written once.
  const [before, after] = chunk(delta('\u0000'), null).split('"\\u0000"') as [string, string]
  return {
    head: chunk(first, null),
    piece: (text) => before + JSON.stringify(text) + after,
    tail: `${calls.join('')}${chunk({}, finishReason(outcome))}${usageChunk}data: [DONE]\n\n`,
  }
}
