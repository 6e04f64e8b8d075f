import OpenAI from 'openai'
import type { ChatOptions, ChatProvider, ChatRequest, ChatResult } from '../../domain/ports.ts'
import { cutStream } from '../api-error.ts'
import { failure, inCallScope } from '../call-scope.ts'
import { parseOpenAiRateLimit } from '../rate-limit-headers.ts'
import { ToolCallCollector, toFinishReason, toParams } from './convert.ts'
import { toProviderError } from './errors.ts'

const ownBaseUrl = 'https://api.openai.com/v1'
const maxListedModels = 2000

/** OpenAI, and every server that speaks its chat completions: vLLM, Ollama, LM Studio, OpenRouter, LiteLLM. */
export function createOpenAiProvider(variables: Record<string, string | undefined>): ChatProvider {
  const key = variables['OPENAI_API_KEY'] || null
  const baseURL = variables['OPENAI_BASE_URL'] || ownBaseUrl
  const isOpenAi = new URL(baseURL).host === new URL(ownBaseUrl).host
  const tokenLimitName = isOpenAi ? 'max_completion_tokens' : 'max_tokens'
  // Local servers need no key, but the SDK wants one.
  const client = new OpenAI({ apiKey: key ?? 'none', baseURL, maxRetries: 0, organization: null, project: null })

  const stream = async (
    request: ChatRequest,
    signal: AbortSignal,
    onText?: ChatOptions['onText'],
  ): Promise<ChatResult> => {
    const startMs = performance.now()
    const params = toParams(request, tokenLimitName)
    const {
      data,
      response,
      request_id: requestId,
    } = await client.chat.completions.create(params, { signal }).withResponse()
    const toolCalls = new ToolCallCollector()
    let text = ''
    let refusal = ''
    let finishReason: string | null = null
    let usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }
    let firstMs: number | null = null
    for await (const chunk of data) {
      const choice = chunk.choices[0]
      if (choice) {
        const { content, refusal: refused, tool_calls: calls } = choice.delta
        if (firstMs === null && (content || refused || calls)) firstMs = performance.now()
        if (content) {
          text += content
          onText?.(content)
        }
        if (refused) refusal += refused
        if (calls) toolCalls.add(calls)
        if (choice.finish_reason) finishReason = choice.finish_reason
      }
      if (chunk.usage)
        usage = {
          inputTokens: chunk.usage.prompt_tokens,
          outputTokens: chunk.usage.completion_tokens,
          cachedInputTokens: chunk.usage.prompt_tokens_details?.cached_tokens ?? 0,
        }
    }
    const endMs = performance.now()
    if (finishReason === null) throw cutStream()
    if (refusal)
      throw failure('refused', `The model refused: ${refusal}`, { retryable: false, providerRequestId: requestId })
    return {
      text,
      toolCalls: toolCalls.finish(),
      usage,
      finishReason: toFinishReason(finishReason, requestId),
      providerRequestId: requestId,
      latencyMs: endMs - startMs,
      timeToFirstTokenMs: firstMs === null ? null : firstMs - startMs,
      rateLimit: parseOpenAiRateLimit(response.headers),
    }
  }

  return {
    name: 'openai',
    problem:
      key === null && isOpenAi
        ? {
            message: 'There is no key for OpenAI.',
            mend: 'Set OPENAI_API_KEY and restart, or point OPENAI_BASE_URL at a local server.',
          }
        : null,
    chat: (request, options) =>
      inCallScope(options, (signal) => stream(request, signal, options.onText), toProviderError),
    async listModels(signal) {
      const names: string[] = []
      try {
        for await (const model of client.models.list({ signal })) {
          names.push(model.id)
          if (names.length >= maxListedModels) break
        }
      } catch (error) {
        if (error instanceof OpenAI.APIError && [404, 405, 501].includes(error.status ?? 0)) return null
        throw toProviderError(error)
      }
      return names
    },
  }
}
