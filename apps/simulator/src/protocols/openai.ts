import type { ChatCall, Fault, Outcome } from '../call.ts'
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

function finishReason({ tool, refused, truncated }: Outcome): string {
  return refused ? 'stop' : truncated ? 'length' : tool === null ? 'stop' : 'tool_calls'
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

const now = (): number => Math.floor(Date.now() / 1000)

function completion(call: ChatCall, outcome: Outcome, id: string): string {
  const { text, tool, refused } = outcome
  const toolCalls =
    tool === null
      ? {}
      : { tool_calls: [{ id: `call_${id}`, type: 'function', function: { name: tool, arguments: text } }] }
  const message = {
    role: 'assistant',
    content: refused || tool !== null ? null : text,
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
  // Only the text differs between the pieces, so the rest is written once.
  const [before, after] = chunk(delta('\u0000'), null).split('"\\u0000"') as [string, string]
  return {
    head: chunk(first, null),
    piece: (text) => before + JSON.stringify(text) + after,
    tail: `${chunk({}, finishReason(outcome))}${usageChunk}data: [DONE]\n\n`,
  }
}
