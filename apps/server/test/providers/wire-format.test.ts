import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChatProvider, ChatRequest } from '../../src/domain/ports.ts'
import { createOpenAiProvider } from '../../src/providers/openai/provider.ts'
import { toParams as toOpenAiParams } from '../../src/providers/openai/convert.ts'
import { createProviders } from '../../src/providers/index.ts'
import { sendEvents, startWireServer, type WireServer } from './wire-server.ts'

const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], maxOutputTokens: 10 }
const options = { signal: new AbortController().signal, timeoutMs: 5000 }
const openAiAnswer = [{ choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] }, 'data: [DONE]\n\n']
const claudeAnswer = [
  { type: 'message_start', message: { usage: { input_tokens: 1, output_tokens: 1 } } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
]

describe('what goes over the wire', () => {
  let wire: WireServer
  let headers: IncomingHttpHeaders
  let url: string | undefined
  let openai: ChatProvider
  let anthropic: ChatProvider

  beforeAll(async () => {
    wire = await startWireServer()
  })
  afterAll(() => wire.close())
  beforeEach(() => {
    wire.answerWith((incoming, response) => {
      ;({ headers, url } = incoming)
      sendEvents(response, url?.includes('messages') ? claudeAnswer : openAiAnswer)
      response.end()
    })
    ;[openai, anthropic] = createProviders({
      OPENAI_BASE_URL: `${wire.url}/v1`,
      ANTHROPIC_BASE_URL: wire.url,
      ANTHROPIC_API_KEY: 'sk-ant-own',
    }) as [ChatProvider, ChatProvider]
  })

  it('openai: a server of the user’s own gets a placeholder key and max_tokens', async () => {
    await openai.chat(request, options)
    expect(url).toBe('/v1/chat/completions')
    expect(headers.authorization).toBe('Bearer none')
    expect(wire.lastBody()).toMatchObject({ max_tokens: 10 })
    expect(wire.lastBody()).not.toHaveProperty('max_completion_tokens')
  })

  it('openai: the vendor’s own server gets max_completion_tokens', () => {
    const params = toOpenAiParams(request, 'max_completion_tokens')
    expect(params).toMatchObject({ max_completion_tokens: 10 })
    expect(params).not.toHaveProperty('max_tokens')
  })

  it('keeps tools named and uncalled where an answer is wanted, each in the provider’s own words', async () => {
    const tools = [{ name: 'find', description: 'Finds.', inputSchema: { type: 'object', properties: {} } }]
    await openai.chat({ ...request, tools, toolChoice: 'none' }, options)
    expect(wire.lastBody()).toMatchObject({ tool_choice: 'none', tools: [{ function: { name: 'find' } }] })
    await anthropic.chat({ ...request, tools, toolChoice: 'none' }, options)
    expect(wire.lastBody()).toMatchObject({ tool_choice: { type: 'none' }, tools: [{ name: 'find' }] })
  })

  it('sends no field that was not asked for, and no empty list, which both providers refuse', async () => {
    const empties: ChatRequest = {
      ...request,
      tools: [],
      messages: [...request.messages, { role: 'assistant', content: 'Hello', toolCalls: [] }],
    }
    for (const provider of [openai, anthropic]) {
      await provider.chat(empties, options)
      const text = JSON.stringify(wire.lastBody())
      for (const field of ['temperature', 'tools', 'tool_calls', 'response_format', 'output_config', 'system'])
        expect(text).not.toContain(`"${field}"`)
    }
  })

  it('anthropic: a temperature goes with the last API version that has temperatures', async () => {
    await anthropic.chat({ ...request, temperature: 0 }, options)
    expect(headers['anthropic-version']).toBe('2023-06-01')
    expect(wire.lastBody()).toMatchObject({ temperature: 0 })
    await anthropic.chat(request, options)
    expect(headers['anthropic-version']).not.toBe('2023-06-01')
  })

  it('anthropic: a server of the user’s own gets the key in both places where servers look', async () => {
    await anthropic.chat(request, options)
    expect(headers).toMatchObject({ authorization: 'Bearer sk-ant-own', 'x-api-key': 'sk-ant-own' })
  })

  it('anthropic: results of parallel calls share a message, odd arguments become an object', async () => {
    const toolCalls = [
      { id: 'a', name: 'f', arguments: { q: 1 } },
      { id: 'b', name: 'f', arguments: [2] },
    ]
    const results = ['a', 'b'].map((toolCallId) => ({ role: 'tool' as const, toolCallId, content: 'r' }))
    const messages = [...request.messages, { role: 'assistant' as const, content: ' \n', toolCalls }, ...results]
    await anthropic.chat({ ...request, messages, system: '' }, options)
    expect(wire.lastBody()).not.toHaveProperty('system')
    expect(wire.lastBody()['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'f', input: { q: 1 } },
          { type: 'tool_use', id: 'b', name: 'f', input: { value: [2] } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'r' },
          { type: 'tool_result', tool_use_id: 'b', content: 'r' },
        ],
      },
    ])
  })

  it.each([
    [{ OPENAI_BASE_URL: 'localhost:1234' }, 'OPENAI_BASE_URL is not'],
    [{ OPENAI_BASE_URL: 'http://me:secret@localhost:1234' }, 'OPENAI_BASE_URL is not'],
    [{ OPENAI_API_KEY: 'sk-a\nb' }, 'OPENAI_API_KEY has'],
    [{ OPENAI_API_KEY: '“sk-abc”' }, 'OPENAI_API_KEY has'],
    [{ OPENAI_API_KEY: '  ' }, 'There is no key'],
    [{ OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' }, 'There is no key'],
  ])('says what is wrong with %j, and calls nothing', async (variables, says) => {
    const provider = createOpenAiProvider(variables)
    expect(provider.problem?.message).toContain(says)
    expect(JSON.stringify(provider.problem)).not.toMatch(/secret|sk-a/)
    await expect(provider.chat(request, options)).rejects.toMatchObject({ failure: { kind: 'auth', retryable: false } })
    await expect(provider.listModels(options.signal)).rejects.toMatchObject({ failure: { kind: 'auth' } })
  })

  it('takes a key with a line break at its end, as files have them', () => {
    expect(createOpenAiProvider({ OPENAI_API_KEY: 'sk-abc\n' }).problem).toBeNull()
  })
})
