import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatProvider, ChatRequest } from '../../src/domain/ports.ts'
import { createProviders } from '../../src/providers/index.ts'
import { sendEvents, startWireServer, type WireServer } from './wire-server.ts'

const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], maxOutputTokens: 10 }

describe('chat through the SDKs', () => {
  let wire: WireServer
  let openai: ChatProvider
  let anthropic: ChatProvider

  beforeAll(async () => {
    wire = await startWireServer()
    const variables = {
      OPENAI_API_KEY: 'k',
      OPENAI_BASE_URL: `${wire.url}/v1`,
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: wire.url,
    }
    ;[openai, anthropic] = createProviders(variables) as [ChatProvider, ChatProvider]
  })
  afterAll(() => wire.close())

  const options = () => ({ signal: new AbortController().signal, timeoutMs: 5000 })
  const answer = (events: readonly unknown[], headers: object = {}) =>
    wire.answerWith((_, response) => {
      sendEvents(response, events, headers)
      response.end()
    })
  const chunk = (delta: object, finish: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const usage = {
    choices: [],
    usage: { prompt_tokens: 20, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 5 } },
  }
  const done = 'data: [DONE]\n\n'
  const claude = (deltas: object[], stop = 'end_turn', blocks: object[] = [{ type: 'text', text: '' }]) => [
    {
      type: 'message_start',
      message: { usage: { input_tokens: 15, cache_read_input_tokens: 5, output_tokens: 1 }, content: [] },
    },
    ...blocks.map((block, index) => ({ type: 'content_block_start', index, content_block: block })),
    ...deltas,
    { type: 'message_delta', delta: { stop_reason: stop }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ]
  const text = (value: string) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: value },
  })

  it('openai: text in pieces, usage with cached tokens, request id, room left', async () => {
    const headers = {
      'x-request-id': 'req_9',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '6m0s',
    }
    answer(
      [
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: 'Grü' }),
        chunk({ content: 'ße' }),
        chunk({}, 'stop'),
        usage,
        done,
      ],
      headers,
    )
    const pieces: string[] = []
    const result = await openai.chat(request, { ...options(), onText: (piece) => pieces.push(piece) })
    expect(result).toMatchObject({
      text: 'Grüße',
      finishReason: 'stop',
      providerRequestId: 'req_9',
      usage: { inputTokens: 20, outputTokens: 7, cachedInputTokens: 5 },
      rateLimit: { remainingRequests: 0, nextCallAfterMs: 360_000 },
    })
    expect(pieces).toEqual(['Grü', 'ße'])
    expect(result.timeToFirstTokenMs).toBeLessThanOrEqual(result.latencyMs)
  })

  it('anthropic: text in pieces, usage with cached tokens, request id, room left', async () => {
    const reset = new Date(Date.now() + 60_000).toISOString()
    const headers = {
      'request-id': 'req_8',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': reset,
    }
    answer(claude([text('Grü'), text('ße')]), headers)
    const result = await anthropic.chat(request, options())
    expect(result).toMatchObject({
      text: 'Grüße',
      finishReason: 'stop',
      providerRequestId: 'req_8',
      usage: { inputTokens: 20, outputTokens: 7, cachedInputTokens: 5 },
    })
    expect(result.rateLimit.nextCallAfterMs).toBeGreaterThan(50_000)
  })

  it('takes an empty text with a normal stop for an answer, and a cut one for a truncated answer', async () => {
    answer([chunk({ content: '' }), chunk({}, 'stop'), done])
    expect(await openai.chat(request, options())).toMatchObject({ text: '', finishReason: 'stop' })
    answer([chunk({ content: 'Once upon' }), chunk({}, 'length'), done])
    expect(await openai.chat(request, options())).toMatchObject({ text: 'Once upon', finishReason: 'length' })
    answer(claude([], 'end_turn', []))
    expect(await anthropic.chat(request, options())).toMatchObject({ text: '', finishReason: 'stop' })
    answer(claude([text('Once')], 'max_tokens'))
    expect(await anthropic.chat(request, options())).toMatchObject({ text: 'Once', finishReason: 'length' })
  })

  it('takes a refusal and a content filter for what they are', async () => {
    answer([chunk({ refusal: "I can't help with that." }), chunk({}, 'stop'), done])
    await expect(openai.chat(request, options())).rejects.toMatchObject({
      failure: { kind: 'refused', retryable: false },
    })
    answer([chunk({ content: 'Bad' }), chunk({}, 'content_filter'), done])
    await expect(openai.chat(request, options())).rejects.toMatchObject({
      failure: { kind: 'content-filter', retryable: false },
    })
    answer(claude([], 'refusal'))
    await expect(anthropic.chat(request, options())).rejects.toMatchObject({
      failure: { kind: 'refused', retryable: false },
    })
  })

  it('collects parallel tool calls, and hands on arguments that are not JSON', async () => {
    const call = (index: number, part: object) => chunk({ tool_calls: [{ index, ...part }] })
    answer([
      call(0, { id: 'a', function: { name: 'find', arguments: '{"q":' } }),
      call(1, { id: 'b', function: { name: 'find', arguments: '{"q"' } }),
      call(0, { function: { arguments: '"x"}' } }),
      chunk({}, 'tool_calls'),
      done,
    ])
    const calls = [
      { id: 'a', name: 'find', arguments: { q: 'x' } },
      { id: 'b', name: 'find', arguments: { invalidJson: '{"q"' } },
    ]
    expect(await openai.chat(request, options())).toMatchObject({ finishReason: 'tool-calls', toolCalls: calls })
    const piece = (index: number, json: string) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json: json },
    })
    const blocks = ['a', 'b'].map((id) => ({ type: 'tool_use', id, name: 'find', input: {} }))
    answer(claude([piece(0, '{"q":'), piece(1, '{"q"'), piece(0, '"x"}')], 'tool_use', blocks))
    expect(await anthropic.chat(request, options())).toMatchObject({ finishReason: 'tool-calls', toolCalls: calls })
  })

  const full: ChatRequest = {
    ...request,
    system: 'Be brief.',
    temperature: 0,
    responseSchema: { name: 'verdict', schema: { type: 'object', properties: {} } },
    tools: [{ name: 'find', description: 'Finds.', inputSchema: { type: 'object', properties: {} } }],
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'find', arguments: { q: 1 } }] },
      { role: 'tool', toolCallId: 'a', content: 'found' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'And?' },
    ],
  }

  it('openai: writes the request as the provider wants it', async () => {
    answer([chunk({}, 'stop'), done])
    await openai.chat(full, options())
    expect(wire.lastBody()).toMatchObject({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_tokens: 10,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'find', arguments: '{"q":1}' } }] },
        { role: 'tool', tool_call_id: 'a', content: 'found' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'And?' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true } },
      tools: [{ type: 'function', function: { name: 'find' } }],
    })
  })

  it('anthropic: writes the request as the provider wants it, no message empty', async () => {
    answer(claude([]))
    await anthropic.chat(full, options())
    const body = wire.lastBody()
    expect(body).toMatchObject({
      system: 'Be brief.',
      temperature: 0,
      max_tokens: 10,
      output_config: { format: { type: 'json_schema' } },
      tools: [{ name: 'find', input_schema: { type: 'object' } }],
    })
    expect((body['messages'] as { content: unknown }[]).map((message) => message.content)).toEqual([
      'Hi',
      [{ type: 'tool_use', id: 'a', name: 'find', input: { q: 1 } }],
      [{ type: 'tool_result', tool_use_id: 'a', content: 'found' }],
      [{ type: 'text', text: '(empty answer)' }],
      'And?',
    ])
  })

  it('anthropic: refuses a temperature that does not exist there instead of testing another one', async () => {
    await expect(anthropic.chat({ ...request, temperature: 1.5 }, options())).rejects.toMatchObject({
      failure: { kind: 'invalid-request', message: expect.stringContaining('0 to 1') as string },
    })
  })

  it('lists models over pages, and gives null for a server that has no list', async () => {
    wire.answerWith((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"object":"list","data":[{"id":"a"},{"id":"b"}]}'),
    )
    expect(await openai.listModels(options().signal)).toEqual(['a', 'b'])
    wire.answerWith((incoming, response) => {
      const last = incoming.url?.includes('after_id=a')
      const page = {
        data: [{ type: 'model', id: last ? 'b' : 'a' }],
        has_more: !last,
        first_id: 'a',
        last_id: last ? 'b' : 'a',
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page))
    })
    expect(await anthropic.listModels(options().signal)).toEqual(['a', 'b'])
    wire.answerWith((_, response) => response.writeHead(404).end())
    expect(await openai.listModels(options().signal)).toBeNull()
  })

  it('says what to set when a key is missing, but asks for none at a server of the user’s own', () => {
    expect(createProviders({}).map((provider) => provider.problem?.mend)).toEqual([
      expect.stringContaining('Set OPENAI_API_KEY'),
      expect.stringContaining('Set ANTHROPIC_API_KEY'),
    ])
    expect(createProviders({ OPENAI_BASE_URL: wire.url })[0]?.problem).toBeNull()
  })
})
