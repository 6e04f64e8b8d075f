import type { ChatCall, Fault, Outcome } from '../call.ts'
import type { BucketState } from '../limits.ts'
import type { EventStream, FlatHeaders, ProtocolAdapter } from './adapter.ts'
import { readAnthropicCall } from './anthropic-request.ts'

/** Anthropic's Messages as of the `@anthropic-ai/sdk` 1.12. */
export const anthropicAdapter: ProtocolAdapter = {
  requestIdHeader: 'request-id',
  readKey: (headers) =>
    String(headers['x-api-key'] ?? /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '').trim(),
  readCall: readAnthropicCall,
  errorResponse,
  limitHeaders: (admission) => [
    ...bucketHeaders('requests', admission.requests),
    ...bucketHeaders('tokens', admission.tokens),
  ],
  retryHeaders: (ms) => ['retry-after', String(Math.ceil(ms / 1000))],
  completion: (call, outcome, id) => JSON.stringify(messageObject(call, outcome, id)),
  eventStream,
  modelList: (ids) =>
    JSON.stringify({
      data: ids.map(modelObject),
      has_more: false,
      first_id: ids[0] ?? null,
      last_id: ids[ids.length - 1] ?? null,
    }),
  modelDetails: (id) => JSON.stringify(modelObject(id)),
}

function modelObject(id: string): object {
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: '2026-01-01T00:00:00Z',
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: 200_000,
    max_tokens: 64_000,
    retires_at: null,
  }
}

function errorResponse(fault: Fault, requestId: string): { status: number; body: string } {
  const forms = {
    authentication: [401, 'authentication_error'],
    invalid: [400, 'invalid_request_error'],
    'model not found': [404, 'not_found_error'],
    'not found': [404, 'not_found_error'],
    'too large': [413, 'request_too_large'],
    'rate limit': [429, 'rate_limit_error'],
    server: [500, 'api_error'],
    overloaded: [529, 'overloaded_error'],
  } as const
  const [status, type] = forms[fault.kind]
  return {
    status,
    body: JSON.stringify({ type: 'error', error: { type, message: fault.message }, request_id: requestId }),
  }
}

function bucketHeaders(name: string, state: BucketState | null): FlatHeaders {
  if (!state) return []
  const prefix = `anthropic-ratelimit-${name}`
  // Whole seconds as the provider sends them, rounded up so that waiting that long is enough.
  const reset = new Date(Math.ceil((Date.now() + state.resetMs) / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  return [
    `${prefix}-limit`,
    String(state.limit),
    `${prefix}-remaining`,
    String(state.remaining),
    `${prefix}-reset`,
    reset,
  ]
}

function usageOf({ usage }: Outcome): object {
  return {
    input_tokens: usage.promptTokens - usage.cachedTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedTokens,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.completionTokens,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: null,
    inference_geo: null,
  }
}

function stopOf({ tool, toolCalls, refused, truncated }: Outcome): object {
  const callsTools = tool !== null || toolCalls.length > 0
  return {
    stop_reason: refused ? 'refusal' : truncated ? 'max_tokens' : callsTools ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    stop_details: refused ? { type: 'refusal', category: null, explanation: null } : null,
    container: null,
  }
}

function contentOf({ text, tool, toolCalls, refused }: Outcome, id: string): object[] {
  if (tool !== null) return [toolBlock(tool, parseOrEmpty(text), id)]
  // An empty answer has no content block at all, as with the provider.
  const texts = refused || text === '' ? [] : [{ type: 'text', text, citations: null }]
  return [...texts, ...toolCalls.map(({ name, input }, index) => toolBlock(name, input, `${id}_${index}`))]
}

/** Broken JSON cannot be put into a whole tool call; a caller then sees one without arguments. */
function parseOrEmpty(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

function toolBlock(name: string, input: unknown, id: string): object {
  return { type: 'tool_use', id: `toolu_${id}`, name, input, caller: { type: 'direct' } }
}

function messageObject(call: ChatCall, outcome: Outcome, id: string): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: call.model,
    content: contentOf(outcome, id),
    ...stopOf(outcome),
    diagnostics: null,
    usage: usageOf(outcome),
  }
}

function event(data: { type: string; [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}

function eventStream(call: ChatCall, outcome: Outcome, id: string): EventStream {
  const { tool, refused, text } = outcome
  const nothingYet = {
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: { ...usageOf(outcome), output_tokens: 1 },
  }
  const start = event({
    type: 'message_start',
    message: { ...messageObject(call, outcome, id), content: [], ...nothingYet },
  })
  const firstIndex = !refused && (tool !== null || text !== '') ? 1 : 0
  const calls = outcome.toolCalls.map(({ name, input }, call_) => {
    const index = firstIndex + call_
    const partial = typeof input === 'string' ? input : JSON.stringify(input ?? {})
    const half = Math.ceil(partial.length / 2)
    return [
      event({ type: 'content_block_start', index, content_block: toolBlock(name, {}, `${id}_${call_}`) }),
      ...[partial.slice(0, half), partial.slice(half)].map((partial_json) =>
        event({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }),
      ),
      event({ type: 'content_block_stop', index }),
    ].join('')
  })
  const hasBlock = !refused && (tool !== null || text !== '')
  const block = tool === null ? { type: 'text', text: '', citations: null } : toolBlock(tool, {}, id)
  const opening = hasBlock ? event({ type: 'content_block_start', index: 0, content_block: block }) : ''
  const closing = hasBlock ? event({ type: 'content_block_stop', index: 0 }) : ''
  const delta =
    tool === null ? { type: 'text_delta', text: '\u0000' } : { type: 'input_json_delta', partial_json: '\u0000' }
  // Only the text differs between the pieces, so the rest is written once.
  const [before, after] = event({ type: 'content_block_delta', index: 0, delta }).split('"\\u0000"') as [string, string]
  return {
    head: `${start}${opening}${event({ type: 'ping' })}`,
    piece: (piece) => (hasBlock ? before + JSON.stringify(piece) + after : ''),
    tail: `${closing}${calls.join('')}${event({ type: 'message_delta', delta: stopOf(outcome), usage: usageOf(outcome) })}${event({ type: 'message_stop' })}`,
  }
}
