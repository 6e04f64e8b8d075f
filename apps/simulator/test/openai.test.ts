import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { ask, collect, errorOf, setUp } from './helpers.ts'

describe('the OpenAI protocol through the openai SDK', () => {
  it('lists its models', async () => {
    await using setup = await setUp()
    const ids = (await setup.openai.models.list()).data.map(({ id }) => id)
    expect(ids).toEqual(['sim-large', 'sim-small'])
  })

  it('answers the same to the same question, with usage and a request id', async () => {
    await using setup = await setUp()
    const first = await ask(setup.openai, 'Why is the sky blue?')
    const second = await ask(setup.openai, 'Why is the sky blue?')
    const text = first.choices[0]?.message.content ?? ''
    expect(text).toContain('Why is the sky blue?')
    expect(second.choices[0]?.message.content).toBe(text)
    expect(first.choices[0]?.finish_reason).toBe('stop')
    expect(first.usage).toMatchObject({
      prompt_tokens: 5,
      completion_tokens: Math.ceil(text.length / 4),
      prompt_tokens_details: { cached_tokens: 0 },
    })
    expect(first._request_id).toMatch(/^req_/)
  })

  it('streams the same text in pieces, with usage at the end when asked', async () => {
    await using setup = await setUp()
    const whole = await ask(setup.openai, 'Tell me about 🦜 parrots.')
    const stream = await setup.openai.chat.completions.create({
      model: 'sim-large',
      messages: [{ role: 'user', content: 'Tell me about 🦜 parrots.' }],
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = await collect(stream)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]?.message.content,
    )
    expect(chunks.length).toBeGreaterThan(5)
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(whole.usage?.total_tokens)
  })

  it('spreads a stream over time', async () => {
    await using setup = await setUp({ latencyMs: 100, tokensPerSecond: 400 })
    const startedAt = performance.now()
    const stream = await setup.openai.chat.completions.create({
      model: 'sim-large',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
    const times: number[] = []
    for await (const _ of stream) times.push(performance.now() - startedAt)
    const expectedMs = 100 + ((times.length - 2) * 1000) / 400
    expect(times[0]).toBeGreaterThanOrEqual(98)
    expect(times.at(-1)).toBeGreaterThan(expectedMs * 0.9)
    expect(times.at(-1)).toBeLessThan(expectedMs * 1.3 + 100)
  })

  it('cuts a made-up answer at the token limit', async () => {
    await using setup = await setUp()
    const completion = await setup.openai.chat.completions.create({
      model: 'sim-large',
      max_completion_tokens: 5,
      messages: [{ role: 'user', content: 'Hi' }],
    })
    expect(completion.choices[0]?.finish_reason).toBe('length')
    expect(completion.usage?.completion_tokens).toBe(5)
  })

  it('gives minimal JSON for a schema', async () => {
    await using setup = await setUp()
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string' },
        size: { $ref: '#/$defs/size' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 1 },
      },
      required: ['name', 'size', 'tags'],
      additionalProperties: false,
      $defs: { size: { type: 'integer', minimum: 3 } },
    }
    const completion = await setup.openai.chat.completions.create({
      model: 'sim-small',
      messages: [{ role: 'user', content: 'Invent one.' }],
      response_format: { type: 'json_schema', json_schema: { name: 'thing', strict: true, schema } },
    })
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ name: '', size: 3, tags: [''] })
  })

  it('calls a forced tool, streamed or not', async () => {
    await using setup = await setUp()
    const request = {
      model: 'sim-large',
      messages: [{ role: 'user' as const, content: 'Weather in Bern?' }],
      tools: [
        {
          type: 'function' as const,
          function: {
            name: 'weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        },
      ],
      tool_choice: { type: 'function' as const, function: { name: 'weather' } },
    }
    const completion = await setup.openai.chat.completions.create(request)
    const streamed = await setup.openai.chat.completions.stream(request).finalChatCompletion()
    for (const { choices } of [completion, streamed]) {
      expect(choices[0]?.finish_reason).toBe('tool_calls')
      expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({
        type: 'function',
        function: { name: 'weather', arguments: '{"city":""}' },
      })
    }
  })

  it('refuses in its own way', async () => {
    await using setup = await setUp({ refuseRate: 1 })
    const completion = await ask(setup.openai, 'Hi')
    expect(completion.choices[0]?.message).toMatchObject({
      content: null,
      refusal: expect.stringContaining("can't help"),
    })
  })

  it('reads a long prefix that it saw before from the cache', async () => {
    await using setup = await setUp()
    const create = (content: string) =>
      setup.openai.chat.completions.create({
        model: 'sim-large',
        messages: [
          { role: 'system', content: 'Rules. '.repeat(1000) },
          { role: 'user', content },
        ],
      })
    expect((await create('One?')).usage?.prompt_tokens_details?.cached_tokens).toBe(0)
    expect((await create('Two?')).usage?.prompt_tokens_details?.cached_tokens).toBe(1664)
  })

  it('turns every error into the class of the SDK', async () => {
    await using setup = await setUp({ apiKey: 'right' }, 'right')
    const { openai, simulator } = setup
    const stranger = new OpenAI({ baseURL: simulator.openaiBaseUrl, apiKey: 'wrong', maxRetries: 0 })
    expect(await errorOf(ask(stranger, 'Hi'))).toMatchObject({
      constructor: OpenAI.AuthenticationError,
      status: 401,
      code: 'invalid_api_key',
    })
    expect(await errorOf(ask(openai, 'Hi', 'gpt-none'))).toMatchObject({
      constructor: OpenAI.NotFoundError,
      status: 404,
      code: 'model_not_found',
    })
    const unordered = openai.chat.completions.create({ model: 'sim-large', messages: [] })
    expect(await errorOf(unordered)).toMatchObject({
      constructor: OpenAI.BadRequestError,
      status: 400,
      param: 'messages',
      type: 'invalid_request_error',
    })
    simulator.configure({ errorRate: 1 })
    expect(await errorOf(ask(openai, 'Hi'))).toMatchObject({
      constructor: OpenAI.InternalServerError,
      status: 500,
      type: 'server_error',
      requestID: expect.stringMatching(/^req_/),
    })
    expect(await errorOf(ask(openai, 'Hi'))).toMatchObject({ constructor: OpenAI.InternalServerError, status: 503 })
    expect(simulator.stats().errors).toEqual({ 400: 1, 401: 1, 404: 1, 500: 1, 503: 1 })
  })

  it('rejects a strict schema that the provider would reject', async () => {
    await using setup = await setUp()
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: [], additionalProperties: false }
    const failing = setup.openai.chat.completions.create({
      model: 'sim-large',
      messages: [{ role: 'user', content: 'Hi' }],
      response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } },
    })
    expect(await errorOf(failing)).toMatchObject({ status: 400, message: expect.stringContaining("Missing 'a'") })
  })

  it('limits requests and says exactly how long to wait', async () => {
    await using setup = await setUp({ rpm: 600 })
    const { response } = await ask(setup.openai, 'Hi').withResponse()
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('600')
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('599')
    expect(response.headers.get('x-ratelimit-reset-requests')).toBe('100ms')
    setup.simulator.configure({ rpm: 2 })
    await Promise.all([ask(setup.openai, 'Hi'), ask(setup.openai, 'Hi'), ask(setup.openai, 'Hi', 'sim-small')])
    const error = await errorOf(ask(setup.openai, 'Hi'))
    expect(error).toMatchObject({
      constructor: OpenAI.RateLimitError,
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
    })
    const { headers } = error as InstanceType<typeof OpenAI.RateLimitError>
    expect(headers.get('retry-after')).toBe('30')
    expect(Number(headers.get('retry-after-ms'))).toBeGreaterThan(29_000)
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('0')
    expect(setup.simulator.stats()).toMatchObject({
      rateLimited: 1,
      byModel: { 'sim-large': { kinds: { unanswered: 1 } } },
    })
  })

  it('limits tokens', async () => {
    await using setup = await setUp({ tpm: 1000 })
    const { data, response } = await ask(setup.openai, 'Hi').withResponse()
    expect(response.headers.get('x-ratelimit-remaining-tokens')).toBe(String(1000 - (data.usage?.total_tokens ?? 0)))
    const error = await errorOf(Promise.all(Array.from({ length: 100 }, () => ask(setup.openai, 'Hi'))))
    expect(error).toMatchObject({ status: 429, type: 'tokens' })
  })
})
