import Anthropic from '@anthropic-ai/sdk'
import type { ChatOptions, ChatProvider, ChatRequest, ChatResult } from '../../domain/ports.ts'
import { cutStream } from '../api-error.ts'
import { inCallScope } from '../call-scope.ts'
import { parseAnthropicRateLimit } from '../rate-limit-headers.ts'
import { parseArguments } from '../tool-arguments.ts'
import { toFinishReason, toParams } from './convert.ts'
import { toProviderError } from './errors.ts'

const ownBaseUrl = 'https://api.anthropic.com'
const maxListedModels = 2000

/** Anthropic's messages API. */
export function createAnthropicProvider(variables: Record<string, string | undefined>): ChatProvider {
  const key = variables['ANTHROPIC_API_KEY'] || null
  const baseURL = variables['ANTHROPIC_BASE_URL'] || ownBaseUrl
  const isAnthropic = new URL(baseURL).host === new URL(ownBaseUrl).host
  const client = new Anthropic({ apiKey: key ?? 'none', authToken: null, baseURL, maxRetries: 0 })

  const stream = async (
    request: ChatRequest,
    signal: AbortSignal,
    onText?: ChatOptions['onText'],
  ): Promise<ChatResult> => {
    const params = toParams(request)
    const startMs = performance.now()
    const { data, response, request_id: requestId } = await client.messages.create(params, { signal }).withResponse()
    const calls = new Map<number, { id: string; name: string; json: string }>()
    let text = ''
    let stopReason: Anthropic.StopReason | null = null
    let isComplete = false
    let usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }
    let firstMs: number | null = null
    for await (const event of data) {
      if (event.type === 'message_start') {
        const {
          input_tokens: fresh,
          cache_read_input_tokens: read,
          cache_creation_input_tokens: written,
        } = event.message.usage
        usage = { inputTokens: fresh + (read ?? 0) + (written ?? 0), outputTokens: 0, cachedInputTokens: read ?? 0 }
      } else if (event.type === 'content_block_start') {
        const { content_block: block } = event
        if (block.type === 'tool_use') calls.set(event.index, { id: block.id, name: block.name, json: '' })
      } else if (event.type === 'content_block_delta') {
        firstMs ??= performance.now()
        if (event.delta.type === 'text_delta') {
          text += event.delta.text
          onText?.(event.delta.text)
        } else if (event.delta.type === 'input_json_delta') {
          const call = calls.get(event.index)
          if (call) call.json += event.delta.partial_json
        }
      } else if (event.type === 'message_delta') {
        stopReason = event.delta.stop_reason
        usage.outputTokens = event.usage.output_tokens
      } else if (event.type === 'message_stop') isComplete = true
    }
    const endMs = performance.now()
    if (!isComplete || stopReason === null) throw cutStream()
    const id = requestId ?? null
    return {
      text,
      toolCalls: [...calls.values()].map((call) => ({
        id: call.id,
        name: call.name,
        arguments: parseArguments(call.json),
      })),
      usage,
      finishReason: toFinishReason(stopReason, id),
      providerRequestId: id,
      latencyMs: endMs - startMs,
      timeToFirstTokenMs: firstMs === null ? null : firstMs - startMs,
      rateLimit: parseAnthropicRateLimit(response.headers, Date.now()),
    }
  }

  return {
    name: 'anthropic',
    problem:
      key === null && isAnthropic
        ? {
            message: 'There is no key for Anthropic.',
            mend: 'Set ANTHROPIC_API_KEY and restart, or point ANTHROPIC_BASE_URL at a compatible server.',
          }
        : null,
    chat: (request, options) =>
      inCallScope(options, (signal) => stream(request, signal, options.onText), toProviderError),
    async listModels(signal) {
      const names: string[] = []
      try {
        for await (const model of client.models.list({ limit: 1000 }, { signal })) {
          names.push(model.id)
          if (names.length >= maxListedModels) break
        }
      } catch (error) {
        if (error instanceof Anthropic.APIError && [404, 405, 501].includes(error.status ?? 0)) return null
        throw toProviderError(error)
      }
      return names
    },
  }
}
