import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { askClaude, collect, errorOf, judgePrompt, setUp, verdictSchema } from './helpers.ts'

describe('the Anthropic protocol through the @anthropic-ai/sdk', () => {
  it('lists its models', async () => {
    await using setup = await setUp()
    const models = await collect(setup.anthropic.models.list())
    expect(models.map(({ id, type }) => [id, type])).toEqual([['sim-claude', 'model']])
  })

  it('answers, and streams the same', async () => {
    await using setup = await setUp()
    const whole = await askClaude(setup.anthropic, 'Why is the sky blue?')
    const stream = setup.anthropic.messages.stream({
      model: 'sim-claude',
      max_tokens: 4096,
      messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    })
    const events: string[] = []
    stream.on('streamEvent', ({ type }) => events.push(type))
    const streamed = await stream.finalMessage()
    expect(whole.stop_reason).toBe('end_turn')
    expect(whole.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('Why is the sky blue?') })
    expect(streamed.content).toEqual(whole.content)
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens)
    expect([...new Set(events)]).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(whole._request_id).toMatch(/^req_/)
  })

  it('judges with structured output', async () => {
    await using setup = await setUp()
    const answer = 'Because of Rayleigh scattering. Short waves scatter more.'
    const message = await setup.anthropic.messages.create({
      model: 'sim-claude',
      max_tokens: 2000,
      messages: [{ role: 'user', content: judgePrompt('Why is the sky blue?', answer) }],
      output_config: { format: { type: 'json_schema', schema: verdictSchema(['accuracy', 'depth']) } },
    })
    const verdict = JSON.parse(message.content[0]?.type === 'text' ? message.content[0].text : '') as Record<
      string,
      { score: number; quotes: string[]; reasoning: string }
    >
    expect(Object.keys(verdict)).toEqual(['accuracy', 'depth'])
    for (const [id, { score, quotes, reasoning }] of Object.entries(verdict)) {
      expect(score).toBeGreaterThanOrEqual(4)
      expect(score).toBeLessThanOrEqual(10)
      expect(answer).toContain(quotes[0])
      expect(reasoning).toContain(id)
    }
  })

  it('calls a forced tool, streamed or not', async () => {
    await using setup = await setUp()
    const request = {
      model: 'sim-claude',
      max_tokens: 100,
      messages: [{ role: 'user' as const, content: 'Weather?' }],
      tools: [
        {
          name: 'weather',
          input_schema: { type: 'object' as const, properties: { days: { type: 'integer' } }, required: ['days'] },
        },
      ],
      tool_choice: { type: 'tool' as const, name: 'weather' },
    }
    for (const message of [
      await setup.anthropic.messages.create(request),
      await setup.anthropic.messages.stream(request).finalMessage(),
    ]) {
      expect(message.stop_reason).toBe('tool_use')
      expect(message.content[0]).toMatchObject({ type: 'tool_use', name: 'weather', input: { days: 0 } })
    }
  })

  it('refuses in its own way', async () => {
    await using setup = await setUp({ refuseRate: 1 })
    expect(await askClaude(setup.anthropic, 'Hi')).toMatchObject({ stop_reason: 'refusal', content: [] })
  })

  it('counts cached tokens apart from the input', async () => {
    await using setup = await setUp()
    const create = (content: string) =>
      setup.anthropic.messages.create({
        model: 'sim-claude',
        max_tokens: 4096,
        system: [{ type: 'text', text: 'Rules. '.repeat(1000), cache_control: { type: 'ephemeral' } }],
        messages: [{ role: 'user', content }],
      })
    const first = (await create('One?')).usage
    const second = (await create('Two?')).usage
    expect(first).toMatchObject({ cache_creation_input_tokens: 1664, cache_read_input_tokens: 0 })
    expect(second).toMatchObject({
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 1664,
      input_tokens: first.input_tokens,
    })
  })

  it('turns every error into the class of the SDK', async () => {
    await using setup = await setUp({ apiKey: 'right' }, 'right')
    const { anthropic, simulator } = setup
    const stranger = new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey: 'wrong', maxRetries: 0 })
    expect(await errorOf(askClaude(stranger, 'Hi'))).toMatchObject({
      constructor: Anthropic.AuthenticationError,
      status: 401,
      type: 'authentication_error',
    })
    expect(await errorOf(askClaude(anthropic, 'Hi', 'sim-large'))).toMatchObject({
      constructor: Anthropic.NotFoundError,
      status: 404,
      type: 'not_found_error',
    })
    const unordered = anthropic.messages.create({ model: 'sim-claude', max_tokens: 10, messages: [] })
    expect(await errorOf(unordered)).toMatchObject({
      constructor: Anthropic.BadRequestError,
      status: 400,
      type: 'invalid_request_error',
    })
    simulator.configure({ errorRate: 1 })
    expect(await errorOf(askClaude(anthropic, 'Hi'))).toMatchObject({
      constructor: Anthropic.InternalServerError,
      status: 500,
      type: 'api_error',
      requestID: expect.stringMatching(/^req_/),
    })
    expect(await errorOf(askClaude(anthropic, 'Hi'))).toMatchObject({
      constructor: Anthropic.OverloadedError,
      status: 529,
      type: 'overloaded_error',
    })
  })

  it('limits requests and says when they come back', async () => {
    await using setup = await setUp({ rpm: 1, tpm: 100_000 })
    const { response } = await askClaude(setup.anthropic, 'Hi').withResponse()
    expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0')
    const reset = response.headers.get('anthropic-ratelimit-requests-reset') ?? ''
    expect(reset).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Math.abs(Date.parse(reset) - Date.now() - 60_000)).toBeLessThan(2000)
    expect(Number(response.headers.get('anthropic-ratelimit-tokens-remaining'))).toBeLessThan(100_000)
    const error = await errorOf(askClaude(setup.anthropic, 'Hi'))
    expect(error).toMatchObject({ constructor: Anthropic.RateLimitError, status: 429, type: 'rate_limit_error' })
    expect((error as InstanceType<typeof Anthropic.RateLimitError>).headers.get('retry-after')).toBe('60')
  })
})
