import type Anthropic from '@anthropic-ai/sdk'
import type { Usage } from '@proctor/schema'
import type { ChatMessage, ChatRequest, FinishReason } from '../../domain/ports.ts'
import { unknownFinish } from '../api-error.ts'
import { failure } from '../call-scope.ts'

/** The SDK's types have no temperature any more; see `toHeaders`. */
type Params = Anthropic.MessageCreateParamsStreaming & { temperature?: number }

const maxTemperature = 1

/**
 * Our request in Anthropic's words.
 * @throws ProviderError for a temperature that Anthropic does not have: clamping it would test something else
 */
export function toParams(request: ChatRequest): Params {
  const { model, system, messages, temperature, maxOutputTokens, responseSchema, tools, toolChoice } = request
  if (temperature !== undefined && temperature > maxTemperature)
    throw failure('invalid-request', `Anthropic takes temperatures from 0 to ${maxTemperature}, not ${temperature}.`, {
      retryable: false,
    })
  return {
    model,
    stream: true,
    max_tokens: maxOutputTokens,
    messages: toMessages(messages),
    // An empty text is refused.
    ...(system ? { system } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(responseSchema && { output_config: { format: { type: 'json_schema', schema: responseSchema.schema } } }),
    ...(tools?.length && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        input_schema: { ...inputSchema, type: 'object' as const },
      })),
      ...(toolChoice && { tool_choice: { type: toolChoice } }),
    }),
  }
}

/**
 * The API version 2026-10-21, which the SDK sends, refuses every temperature. A call that sets one keeps
 * to the version before, where models up to the 4.6 generation take it; newer ones answer 400 and say why.
 * https://platform.claude.com/docs/en/api/versioning
 */
export function toHeaders({ temperature }: ChatRequest): Record<string, string> {
  return temperature === undefined ? {} : { 'anthropic-version': '2023-06-01' }
}

/** Tool results are content of a user message here, all results of one turn in one message. */
function toMessages(messages: readonly ChatMessage[]): Anthropic.MessageParam[] {
  const converted: Anthropic.MessageParam[] = []
  let results: Anthropic.ToolResultBlockParam[] | null = null
  for (const message of messages) {
    if (message.role === 'tool') {
      if (!results) {
        results = []
        converted.push({ role: 'user', content: results })
      }
      results.push({ type: 'tool_result', tool_use_id: message.toolCallId, content: message.content })
      continue
    }
    results = null
    converted.push(message.role === 'user' ? { role: 'user', content: message.content } : toAssistantMessage(message))
  }
  return converted
}

function toAssistantMessage(message: Extract<ChatMessage, { role: 'assistant' }>): Anthropic.MessageParam {
  const calls = (message.toolCalls ?? []).map(({ id, name, arguments: input }) => ({
    type: 'tool_use' as const,
    id,
    name,
    // Only an object is taken, whatever the model had written.
    input: typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { value: input },
  }))
  // Anthropic refuses a text of white space only, which is nevertheless an answer that a model may have given.
  const isBlank = message.content.trim() === ''
  const text = isBlank ? '(empty answer)' : message.content
  const texts = isBlank && calls.length > 0 ? [] : [{ type: 'text' as const, text }]
  return { role: 'assistant', content: [...texts, ...calls] }
}

/** What `message_start` and `message_delta` say about usage: later numbers are totals and replace earlier ones. */
export interface UsageCounts {
  input_tokens?: number | null
  output_tokens?: number | null
  cache_read_input_tokens?: number | null
  cache_creation_input_tokens?: number | null
}

/** Anthropic counts cached input apart from the rest; ours includes it. Compatible servers start with zeros. */
export function toUsage(start: UsageCounts, end: UsageCounts): Usage {
  const fresh = end.input_tokens || start.input_tokens || 0
  const read = end.cache_read_input_tokens || start.cache_read_input_tokens || 0
  const written = end.cache_creation_input_tokens || start.cache_creation_input_tokens || 0
  return {
    inputTokens: fresh + read + written,
    outputTokens: end.output_tokens || start.output_tokens || 0,
    cachedInputTokens: read,
  }
}

/** @throws ProviderError for a refusal, or an end that is no answer */
export function toFinishReason(
  {
    stop_reason: reason,
    stop_details: details,
  }: Pick<Anthropic.RawMessageDeltaEvent.Delta, 'stop_reason'> &
    Partial<Pick<Anthropic.RawMessageDeltaEvent.Delta, 'stop_details'>>,
  requestId: string | null,
): FinishReason {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-calls'
    case 'refusal': {
      const why = [details?.category && `(${details.category})`, details?.explanation].filter(Boolean).join(' ')
      throw failure('refused', `The model refused to answer${why === '' ? '' : ` ${why}`}.`.replace(/\.\.$/, '.'), {
        retryable: false,
        providerRequestId: requestId,
      })
    }
    default:
      throw unknownFinish(String(reason), requestId)
  }
}
