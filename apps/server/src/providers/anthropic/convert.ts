import type Anthropic from '@anthropic-ai/sdk'
import type { ChatMessage, ChatRequest, FinishReason } from '../../domain/ports.ts'
import { failure } from '../call-scope.ts'

type Params = Anthropic.MessageCreateParamsStreaming

const maxTemperature = 1

/**
 * Our request in Anthropic's words.
 * @throws ProviderError for a temperature that Anthropic does not have: clamping it would test something else
 */
export function toParams(request: ChatRequest): Params {
  const { model, system, messages, temperature, maxOutputTokens, responseSchema, tools } = request
  if (temperature !== undefined && temperature > maxTemperature)
    throw failure('invalid-request', `Anthropic takes temperatures from 0 to ${maxTemperature}, not ${temperature}.`, {
      retryable: false,
    })
  return {
    model,
    stream: true,
    max_tokens: maxOutputTokens,
    messages: toMessages(messages),
    ...(system === undefined ? {} : { system }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(responseSchema && { output_config: { format: { type: 'json_schema', schema: responseSchema.schema } } }),
    ...(tools && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        input_schema: { ...inputSchema, type: 'object' as const },
      })),
    }),
  }
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
    converted.push(message.role === 'user' ? message : toAssistantMessage(message))
  }
  return converted
}

function toAssistantMessage(message: Extract<ChatMessage, { role: 'assistant' }>): Anthropic.MessageParam {
  const calls = (message.toolCalls ?? []).map(({ id, name, arguments: input }) => ({
    type: 'tool_use' as const,
    id,
    name,
    input,
  }))
  // Anthropic refuses an empty text, which is nevertheless an answer that a model may have given.
  const text = message.content === '' ? '(empty answer)' : message.content
  const texts = message.content === '' && calls.length > 0 ? [] : [{ type: 'text' as const, text }]
  return { role: 'assistant', content: [...texts, ...calls] }
}

/** @throws ProviderError for a refusal, which is no answer */
export function toFinishReason(reason: Anthropic.StopReason, requestId: string | null): FinishReason {
  if (reason === 'refusal')
    throw failure('refused', 'The model refused to answer.', { retryable: false, providerRequestId: requestId })
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length'
  return reason === 'tool_use' ? 'tool-calls' : 'stop'
}
