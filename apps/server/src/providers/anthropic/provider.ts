import Anthropic from '@anthropic-ai/sdk'
import type { ChatOptions, ChatProvider, ChatRequest, ChatResult } from '../../domain/ports.ts'
import { cutStream } from '../api-error.ts'
import { failure, inCallScope, sdkTimeoutMs } from '../call-scope.ts'
import { listModelNames } from '../model-list.ts'
import { parseAnthropicRateLimit } from '../rate-limit-headers.ts'
import { readServerSettings } from '../server-settings.ts'
import { parseArguments } from '../tool-arguments.ts'
import { toFinishReason, toHeaders, toParams, toUsage, type UsageCounts } from './convert.ts'
import { toProviderError } from './errors.ts'

const modelsPerPage = 1000

/** Anthropic's messages API, and the servers that speak it. */
export function createAnthropicProvider(variables: Record<string, string | undefined>): ChatProvider {
  const { key, apiKey, baseURL, isVendor, problem, server } = readServerSettings(variables, {
    vendor: 'Anthropic',
    key: 'ANTHROPIC_API_KEY',
    baseUrl: 'ANTHROPIC_BASE_URL',
    vendorBaseUrl: 'https://api.anthropic.com',
  })
  const client = new Anthropic({
    apiKey,
    baseURL,
    maxRetries: 0,
    // Else it would print to the console beside our own log.
    logLevel: 'off',
    // The SDK sends the key as a bearer token; compatible servers may still look where it was before.
    ...(isVendor ? {} : { defaultHeaders: { 'x-api-key': apiKey } }),
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
    const params = toParams(request)
    const options = { signal, timeout: sdkTimeoutMs(timeoutMs), headers: toHeaders(request) }
    const startMs = performance.now()
    const { data, response, request_id: id } = await client.messages.create(params, options).withResponse()
    const requestId = id ?? null
    const calls = new Map<number, { id: string; name: string; input: unknown; json: string }>()
    let chunks = 0
    let text = ''
    let end: Anthropic.RawMessageDeltaEvent.Delta | null = null
    let endMs: number | null = null
    let startUsage: UsageCounts = {}
    let endUsage: UsageCounts = {}
    let firstMs: number | null = null
    try {
      for await (const event of data) {
        chunks += 1
        if (event.type === 'content_block_delta') {
          const { delta } = event
          if (delta.type === 'text_delta') {
            if (delta.text === '') continue
            firstMs ??= performance.now()
            text += delta.text
            onText?.(delta.text)
          } else if (delta.type === 'input_json_delta') {
            const call = calls.get(event.index)
            if (call) call.json += delta.partial_json
          }
        } else if (event.type === 'content_block_start') {
          const { content_block: block } = event
          if (block.type !== 'tool_use') continue
          firstMs ??= performance.now()
          calls.set(event.index, { id: block.id, name: block.name, input: block.input, json: '' })
        } else if (event.type === 'message_start') startUsage = event.message.usage ?? {}
        else if (event.type === 'message_delta') {
          end = event.delta
          endUsage = event.usage ?? {}
        } else if (event.type === 'message_stop') endMs = performance.now()
      }
    } catch (error) {
      // What breaks behind the last event does not harm the answer, which is paid for.
      if (endMs === null) throw error
    }
    if (endMs === null) signal.throwIfAborted()
    if (endMs === null || end === null || !end.stop_reason) throw cutStream(response, requestId, chunks)
    return {
      text,
      toolCalls: [...calls.values()].map((call) => ({
        id: call.id,
        name: call.name,
        // Some servers send the whole input at once, with the start.
        arguments: call.json === '' ? (call.input ?? {}) : parseArguments(call.json),
      })),
      usage: toUsage(startUsage, endUsage),
      finishReason: toFinishReason(end, requestId),
      providerRequestId: requestId,
      latencyMs: endMs - startMs,
      timeToFirstTokenMs: firstMs === null ? null : firstMs - startMs,
      rateLimit: parseAnthropicRateLimit(response.headers, Date.now()),
    }
  }

  return {
    name: 'anthropic',
    problem,
    server,
    chat: (request, options) => inCallScope(options, (signal) => stream(request, options, signal), convertError),
    async listModels(signal) {
      checkUsable()
      const requestFirstPage = () => client.models.list({ limit: modelsPerPage }, { signal })
      return await listModelNames(requestFirstPage, signal, convertError)
    },
  }
}
