import type OpenAI from 'openai'
import type { ChatMessage, ChatRequest, FinishReason } from '../../domain/ports.ts'
import type { Usage } from '@proctor/schema'
import { unknownFinish } from '../api-error.ts'
import { failure } from '../call-scope.ts'

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming

export type TokenLimitName = 'max_tokens' | 'max_completion_tokens'

/** Our request in OpenAI's words. */
export function toParams(request: ChatRequest, tokenLimitName: TokenLimitName): Params {
  const { model, system, messages, temperature, maxOutputTokens, responseSchema, tools, toolChoice } = request
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    [tokenLimitName]: maxOutputTokens,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...messages.map(toMessage),
    ],
    ...(temperature === undefined ? {} : { temperature }),
    ...(responseSchema && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: responseSchema.name, schema: responseSchema.schema, strict: true },
      },
    }),
    // An empty list is refused.
    ...(tools?.length && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        function: { name, description, parameters: inputSchema },
      })),
      ...(toolChoice && { tool_choice: toolChoice }),
    }),
  }
}

function toMessage(message: ChatMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role === 'user') return { role: 'user', content: message.content }
  return {
    role: 'assistant',
    content: message.content,
    ...(message.toolCalls?.length && {
      tool_calls: message.toolCalls.map(({ id, name, arguments: input }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: JSON.stringify(input ?? {}) },
      })),
    }),
  }
}

/** Compatible servers leave fields out that OpenAI's types promise. */
export function toUsage(usage: Partial<OpenAI.CompletionUsage>): Usage {
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
    cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  }
}

/**
 * @param hasToolCalls some servers say `stop` where they call tools
 * @throws ProviderError content-filter, or unknown for an end that is no answer
 */
export function toFinishReason(reason: string, hasToolCalls: boolean, requestId: string | null): FinishReason {
  // Gemini's compatible server adds its own reason: "content_filter: SAFETY".
  if (reason.startsWith('content_filter'))
    throw failure('content-filter', 'The content filter stopped the answer.', {
      retryable: false,
      providerRequestId: requestId,
    })
  if (reason === 'length') return 'length'
  if (reason === 'tool_calls' || reason === 'function_call') return 'tool-calls'
  // TGI names the token or the sequence that stopped it.
  if (reason === 'stop' || reason === 'eos_token' || reason === 'stop_sequence')
    return hasToolCalls ? 'tool-calls' : 'stop'
  throw unknownFinish(reason, requestId)
}
