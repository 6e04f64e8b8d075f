import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChatRequest } from '../../src/domain/ports.ts'
import { fetchForSdks } from '../../src/providers/http/fetch.ts'
import { createOpenAiProvider } from '../../src/providers/openai/provider.ts'

// The edge to hosts that no test may reach.
vi.mock(import('../../src/providers/http/fetch.ts'))

const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], maxOutputTokens: 10 }

/** The URL and the body of a call to a host that no test may reach. */
async function callTo(baseUrl: string | undefined, chatRequest = request): Promise<[string, Record<string, unknown>]> {
  const sent: { url: string; body: string }[] = []
  vi.mocked(fetchForSdks).mockImplementation(async (url, init) => {
    sent.push({ url: url as string, body: init?.body as string })
    return new Response('{}', { status: 400 })
  })
  const provider = createOpenAiProvider({ OPENAI_API_KEY: 'sk-test-0123456789', OPENAI_BASE_URL: baseUrl })
  const options = { signal: new AbortController().signal, timeoutMs: 1000 }
  await expect(provider.chat(chatRequest, options)).rejects.toMatchObject({ failure: { httpStatus: 400 } })
  expect(sent).toHaveLength(1)
  const [{ url, body } = { url: '', body: '' }] = sent
  return [url, JSON.parse(body) as Record<string, unknown>]
}

describe('hosts that speak the protocol of OpenAI', () => {
  afterEach(() => void vi.resetAllMocks())

  it.each([
    [undefined, 'https://api.openai.com/v1/chat/completions', 'max_completion_tokens'],
    ['', 'https://api.openai.com/v1/chat/completions', 'max_completion_tokens'],
    ['https://eu.api.openai.com/v1/', 'https://eu.api.openai.com/v1/chat/completions', 'max_completion_tokens'],
    [
      'https://me.openai.azure.com/openai/v1',
      'https://me.openai.azure.com/openai/v1/chat/completions',
      'max_completion_tokens',
    ],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1/chat/completions', 'max_tokens'],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1/chat/completions', 'max_tokens'],
    ['https://api.openai.com.evil.example/v1', 'https://api.openai.com.evil.example/v1/chat/completions', 'max_tokens'],
  ])('base URL %j: calls %s with %s', async (baseUrl, expectedUrl, tokenLimitName) => {
    const [url, body] = await callTo(baseUrl)
    expect(url).toBe(expectedUrl)
    expect(Object.keys(body).filter((name) => name.startsWith('max_'))).toEqual([tokenLimitName])
    expect(body[tokenLimitName]).toBe(10)
  })

  it('writes arguments into every call of the history, which the protocol demands', async () => {
    const toolCalls = [
      { id: 'a', name: 'f', arguments: undefined },
      { id: 'b', name: 'f', arguments: { invalidJson: '{"q"' } },
    ]
    const [, body] = await callTo(undefined, { ...request, messages: [{ role: 'assistant', content: '', toolCalls }] })
    expect(body['messages']).toMatchObject([
      { tool_calls: [{ function: { arguments: '{}' } }, { function: { arguments: '{"invalidJson":"{\\"q\\""}' } }] },
    ])
  })
})
