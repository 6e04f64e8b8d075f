import type OpenAI from 'openai'
import type { ChatMessage, ChatRequest, FinishReason, ToolCall } from '../../domain/ports.ts'
import { failure } from '../call-scope.ts'
import { parseArguments } from '../tool-arguments.ts'

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming
type Delta = OpenAI.Chat.Completions.ChatCompletionChunk.Choice.Delta

/**
 * Our request in OpenAI's words.
 * @param tokenLimitName OpenAI's own newer models refuse `max_tokens`; most other servers know nothing else
 */
export function toParams(request: ChatRequest, tokenLimitName: 'max_tokens' | 'max_completion_tokens'): Params {
  const { model, system, messages, temperature, maxOutputTokens, responseSchema, tools } = request
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
    ...(tools && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        function: { name, description, parameters: inputSchema },
      })),
    }),
  }
}

function toMessage(message: ChatMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role === 'user') return message
  return {
    role: 'assistant',
    content: message.content,
    ...(message.toolCalls && {
      tool_calls: message.toolCalls.map(({ id, name, arguments: input }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: JSON.stringify(input) },
      })),
    }),
  }
}

/** Tool calls arrive in pieces, told apart by their index. */
export class ToolCallCollector {
  readonly #pieces: { id: string; name: string; text: string }[] = []

  add(deltas: NonNullable<Delta['tool_calls']>): void {
    for (const { index, id, function: part } of deltas) {
      const piece = (this.#pieces[index] ??= { id: '', name: '', text: '' })
      if (id) piece.id = id
      if (part?.name) piece.name = part.name
      piece.text += part?.arguments ?? ''
    }
  }

  finish(): ToolCall[] {
    return this.#pieces.map(({ id, name, text }) => ({ id, name, arguments: parseArguments(text) }))
  }
}

/** @throws ProviderError content-filter, which is no answer */
export function toFinishReason(reason: string, requestId: string | null): FinishReason {
  if (reason === 'content_filter')
    throw failure('content-filter', 'The content filter stopped the answer.', {
      retryable: false,
      providerRequestId: requestId,
    })
  if (reason === 'length') return 'length'
  return reason === 'tool_calls' || reason === 'function_call' ? 'tool-calls' : 'stop'
}
