import Anthropic from '@anthropic-ai/sdk'
import type { ChatOptions, ChatProvider, ChatRequest, ChatResult } from '../../domain/ports.ts'
import { cutStream } from '../api-error.ts'
import { failure, inCallScope, sdkTimeoutMs } from '../call-scope.ts'
import { fetchForSdks } from '../http/fetch.ts'
import { readEvents } from '../http/read-events.ts'
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
    fetch: fetchForSdks,
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
    // The SDK's own reader of streams takes longer than the whole call does without it.
    const response = await client.messages.create(params, options).asResponse()
    const requestId = response.headers.get('request-id')
    const calls = new Map<number, { id: string; name: string; input: unknown; json: string }>()
    let chunks = 0
    let text = ''
    let end = null as Anthropic.RawMessageDeltaEvent.Delta | null
    let endMs = null as number | null
    let startUsage: UsageCounts = {}
    let endUsage: UsageCounts = {}
    let firstMs: number | null = null
    try {
      await readEvents(response, ({ event: name, data }) => {
        const event = toEvent(name, data, response)
        if (event === null) return false
        chunks += 1
        if (event.type === 'content_block_delta') {
          const { delta } = event
          if (delta.type === 'text_delta') {
            if (delta.text === '') return false
            firstMs ??= performance.now()
            text += delta.text
            onText?.(delta.text)
          } else if (delta.type === 'input_json_delta') {
            const call = calls.get(event.index)
            if (call) call.json += delta.partial_json
          }
        } else if (event.type === 'content_block_start') {
          const { content_block: block } = event
          if (block.type !== 'tool_use') return false
          firstMs ??= performance.now()
          calls.set(event.index, { id: block.id, name: block.name, input: block.input, json: '' })
        } else if (event.type === 'message_start') startUsage = event.message.usage ?? {}
        else if (event.type === 'message_delta') {
          end = event.delta
          endUsage = event.usage ?? {}
        } else if (event.type === 'message_stop') endMs = performance.now()
        return endMs !== null
      })
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

/**
 * An event of the stream; null for those that say nothing (pings, events without a name or data).
 * @throws APIError for an error inside the stream, as the SDK's own reader does; SyntaxError
 */
function toEvent(name: string | undefined, data: string, response: Response): Anthropic.RawMessageStreamEvent | null {
  if (name === 'error') throw toApiError(data, response)
  if (name === undefined || name === 'ping' || data === '') return null
  return JSON.parse(data) as Anthropic.RawMessageStreamEvent
}

function toApiError(data: string, response: Response): Error {
  let body: unknown = data
  try {
    body = JSON.parse(data)
  } catch {
    // Not JSON: then the text itself is what the provider said.
  }
  const type = (body as { error?: { type?: Anthropic.ErrorType } } | null)?.error?.type
  return new Anthropic.APIError(undefined, body as object, undefined, response.headers, type)
}
