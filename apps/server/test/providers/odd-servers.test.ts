import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AbortedError } from '../../src/domain/errors.ts'
import type { ChatProvider, ChatRequest } from '../../src/domain/ports.ts'
import { createProviders } from '../../src/providers/index.ts'
import { parseAnthropicRateLimit, parseRetryAfterMs } from '../../src/providers/rate-limit-headers.ts'
import { sendEvents, startWireServer, type WireServer } from './wire-server.ts'

const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], maxOutputTokens: 10 }
const done = 'data: [DONE]\n\n'
const key = 'local-key-without-prefix-77'

describe('servers that do things their own way', () => {
  let wire: WireServer
  let openai: ChatProvider
  let anthropic: ChatProvider

  beforeAll(async () => {
    wire = await startWireServer()
    ;[openai, anthropic] = createProviders({
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${wire.url}/v1`,
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: wire.url,
    }) as [ChatProvider, ChatProvider]
  })
  afterAll(() => wire.close())

  const options = (timeoutMs = 5000) => ({ signal: new AbortController().signal, timeoutMs })
  const answer = (...events: unknown[]) =>
    wire.answerWith((_, response) => {
      sendEvents(response, events)
      response.end()
    })
  const chunk = (delta: object, finish: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const call = (part: object) => chunk({ tool_calls: [part] })

  it('chunks without choices, choices without a delta, usage without details', async () => {
    answer(
      {},
      { choices: [] },
      chunk({ content: 'x' }),
      { choices: [{ index: 0, finish_reason: 'stop' }] },
      { choices: [], usage: { prompt_tokens: 3 } },
      done,
    )
    expect(await openai.chat(request, options())).toMatchObject({
      text: 'x',
      usage: { inputTokens: 3, outputTokens: 0, cachedInputTokens: 0 },
    })
  })

  it('parallel tool calls that all have index 0, no ids, and the reason stop', async () => {
    answer(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"q":1}' } }),
      call({ index: 0, id: 'b', function: { name: 'f', arguments: '' } }),
      call({ index: 1, function: { name: 'g', arguments: '{}' } }),
      chunk({}, 'stop'),
      done,
    )
    expect(await openai.chat(request, options())).toMatchObject({
      finishReason: 'tool-calls',
      toolCalls: [
        { id: 'a', name: 'f', arguments: { q: 1 } },
        { id: 'b', name: 'f', arguments: {} },
        { id: 'call_2', name: 'g', arguments: {} },
      ],
    })
  })

  it('anthropic: usage that comes only at the end, thinking that is no text', async () => {
    answer(
      { type: 'message_start', message: { usage: { input_tokens: 0, output_tokens: 0 } } },
      { type: 'ping' },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { input_tokens: 6, cache_read_input_tokens: 2, cache_creation_input_tokens: 1, output_tokens: 9 },
      },
      { type: 'message_stop' },
    )
    expect(await anthropic.chat(request, options())).toMatchObject({
      text: '',
      timeToFirstTokenMs: null,
      usage: { inputTokens: 9, outputTokens: 9, cachedInputTokens: 2 },
    })
  })

  it('an answer whose finish reason came but whose stream hangs afterwards is not taken for whole', async () => {
    wire.answerWith((_, response) => sendEvents(response, [chunk({ content: 'x' }), chunk({}, 'stop')]))
    await expect(openai.chat(request, options(150))).rejects.toMatchObject({ failure: { kind: 'timeout' } })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 60)
    const stopped = openai.chat(request, { signal: controller.signal, timeoutMs: 5000 })
    await expect(stopped).rejects.toBeInstanceOf(AbortedError)
  })

  it('time limits that no timer can hold are none, fractions are taken', async () => {
    answer(chunk({ content: 'x' }, 'stop'), done)
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 40, 4999.5])
      expect((await openai.chat(request, options(timeoutMs))).text).toBe('x')
  })

  it('an error that echoes the key', async () => {
    wire.answerWith((incoming, response) => {
      const message = `Bad credentials: ${incoming.headers.authorization}, not even sk-proj-abcdefghij or sk-***xyzw1234`
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }))
    })
    const expected = 'Bad credentials: Bearer [key], not even [key] or [key]'
    await expect(openai.chat(request, options())).rejects.toMatchObject({ message: expected })
    await expect(openai.listModels(options().signal)).rejects.toMatchObject({ message: expected })
  })

  it.each(['openai', 'anthropic'])('%s: failures leave nothing behind on the signal', async (name) => {
    const provider = name === 'openai' ? openai : anthropic
    const { signal } = new AbortController()
    wire.answerWith((_, response) => response.writeHead(500).end())
    for (let i = 0; i < 20; i++) await provider.chat(request, { signal, timeoutMs: 5000 }).catch(() => null)
    wire.answerWith((_, response) => response.socket?.destroy())
    await provider.chat(request, { signal, timeoutMs: 5000 }).catch(() => null)
    wire.answerWith(() => {})
    await provider.chat(request, { signal, timeoutMs: 50 }).catch(() => null)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('a call leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    answer(chunk({ content: 'x' }, 'stop'), done)
    await openai.chat(request, options(60_000))
    const before = timers()
    for (let i = 0; i < 50; i++) await openai.chat(request, options(60_000))
    expect(timers()).toBeLessThanOrEqual(before + 2)
  })

  it('a list of models without an end, with a stop, with a failure', async () => {
    let pages = 0
    wire.answerWith((_, response) => {
      pages += 1
      const body = { data: [{ type: 'model', id: `m${pages}` }], has_more: true, last_id: `m${pages}` }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    expect(await anthropic.listModels(options().signal)).toHaveLength(20)
    wire.answerWith(() => {})
    await expect(openai.listModels(AbortSignal.timeout(50))).rejects.toMatchObject({ failure: { kind: 'timeout' } })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    await expect(openai.listModels(controller.signal)).rejects.toBeInstanceOf(AbortedError)
    wire.answerWith((_, response) => response.writeHead(503).end())
    await expect(openai.listModels(options().signal)).rejects.toMatchObject({ failure: { kind: 'overloaded' } })
  })

  it.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ])('reads the wait from %j', (headers, ms) => {
    const nowMs = Date.UTC(2026, 10, 23, 10)
    expect(parseRetryAfterMs(new Headers(headers as Record<string, string>), nowMs)).toBe(ms)
  })

  it('anthropic: the tightest kind of tokens counts, by the clock of the server', () => {
    const headers = new Headers({
      date: 'Mon, 23 Nov 2026 10:00:00 GMT',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-tokens-remaining': '1000',
      'anthropic-ratelimit-output-tokens-remaining': '0',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-23T10:00:30Z',
    })
    const state = { remainingRequests: 49, remainingTokens: 0, nextCallAfterMs: 30_000 }
    expect(parseAnthropicRateLimit(headers, Date.UTC(2030, 0))).toMatchObject(state)
  })
})
