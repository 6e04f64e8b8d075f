import OpenAI from 'openai'
import type { ChatOptions, ChatProvider, ChatRequest, ChatResult } from '../../domain/ports.ts'
import { cutStream } from '../api-error.ts'
import { failure, inCallScope, sdkTimeoutMs } from '../call-scope.ts'
import { fetchForSdks } from '../http/fetch.ts'
import { readEvents } from '../http/read-events.ts'
import { listModelNames } from '../model-list.ts'
import { parseOpenAiRateLimit } from '../rate-limit-headers.ts'
import { readServerSettings } from '../server-settings.ts'
import { toFinishReason, toParams, toUsage, type TokenLimitName } from './convert.ts'
import { toProviderError } from './errors.ts'
import { ToolCallCollector } from './tool-call-collector.ts'

/** OpenAI, and every server that speaks its chat completions: vLLM, Ollama, LM Studio, OpenRouter, LiteLLM. */
export function createOpenAiProvider(variables: Record<string, string | undefined>): ChatProvider {
  const { key, apiKey, baseURL, isVendor, problem, server } = readServerSettings(variables, {
    vendor: 'OpenAI',
    key: 'OPENAI_API_KEY',
    baseUrl: 'OPENAI_BASE_URL',
    vendorBaseUrl: 'https://api.openai.com/v1',
  })
  // OpenAI's reasoning models refuse `max_tokens`; most other servers know nothing else.
  const isAzure = new URL(baseURL).host.endsWith('.openai.azure.com')
  const tokenLimitName: TokenLimitName = isVendor || isAzure ? 'max_completion_tokens' : 'max_tokens'
  const client = new OpenAI({
    apiKey,
    baseURL,
    maxRetries: 0,
    // Null keeps the SDK from reading the process's environment behind our back.
    organization: null,
    project: null,
    adminAPIKey: null,
    // Else it would print to the console beside our own log.
    logLevel: 'off',
    fetch: fetchForSdks,
  })
  const convertError = (error: unknown) => toProviderError(error, key)
  const checkUsable = () => {
    if (problem) throw failure('auth', `${problem.message} ${problem.mend}`, { retryable: false })
  }

  const stream = async (
    request: ChatRequest,
    { timeoutMs, onText }: ChatOptions,
    signal: AbortSignal,
  ): Promise<ChatResult> => {
    checkUsable()
    const params = toParams(request, tokenLimitName)
    const startMs = performance.now()
    const sent = client.chat.completions.create(params, { signal, timeout: sdkTimeoutMs(timeoutMs) })
    // The SDK's own reader of streams takes longer than the whole call does without it.
    const response = await sent.asResponse()
    const requestId = response.headers.get('x-request-id')
    const toolCalls = new ToolCallCollector()
    let chunks = 0
    let text = ''
    let refusal = ''
    let finishReason: string | null = null
    let usage: ChatResult['usage'] | null = null
    let firstMs: number | null = null
    await readEvents(response, ({ data, event }) => {
      if (data === '[DONE]') return true
      const chunk = toChunk(data, event, response)
      chunks += 1
      // Compatible servers send chunks without choices and choices without a delta.
      const choice = chunk.choices?.[0]
      const delta = choice?.delta
      if (delta) {
        const { content, refusal: refused, tool_calls: calls } = delta
        if (firstMs === null && (content || refused || calls?.length)) firstMs = performance.now()
        if (content) {
          text += content
          onText?.(content)
        }
        if (refused) refusal += refused
        if (calls) toolCalls.add(calls)
      }
      if (choice?.finish_reason) finishReason = choice.finish_reason
      if (chunk.usage) usage = toUsage(chunk.usage)
      return false
    })
    const endMs = performance.now()
    signal.throwIfAborted()
    // OpenAI always ends with the usage. Servers that know no stream_options send none: it stays 0.
    if (finishReason === null || (usage === null && isVendor)) throw cutStream(response, requestId, chunks)
    if (refusal)
      throw failure('refused', `The model refused: ${refusal}`, { retryable: false, providerRequestId: requestId })
    return {
      text,
      toolCalls: toolCalls.finish(),
      usage: usage ?? toUsage({}),
      finishReason: toFinishReason(finishReason, !toolCalls.isEmpty, requestId),
      providerRequestId: requestId,
      latencyMs: endMs - startMs,
      timeToFirstTokenMs: firstMs === null ? null : firstMs - startMs,
      rateLimit: parseOpenAiRateLimit(response.headers),
    }
  }

  return {
    name: 'openai',
    problem,
    server,
    chat: (request, options) => inCallScope(options, (signal) => stream(request, options, signal), convertError),
    async listModels(signal) {
      checkUsable()
      return await listModelNames(() => client.models.list({ signal }), signal, convertError)
    },
  }
}

/** @throws APIError for an error inside the stream, as the SDK's own reader does; SyntaxError */
function toChunk(data: string, event: string | undefined, response: Response): OpenAI.ChatCompletionChunk {
  const parsed = JSON.parse(data) as OpenAI.ChatCompletionChunk & { error?: object }
  const error = parsed?.error ?? (event === 'error' ? parsed : undefined)
  if (error) throw new OpenAI.APIError(undefined, error, undefined, response.headers)
  return parsed
}
