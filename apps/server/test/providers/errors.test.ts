import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AbortedError, ProviderError } from '../../src/domain/errors.ts'
import type { ChatProvider } from '../../src/domain/ports.ts'
import { createProviders } from '../../src/providers/index.ts'
import { sendEvents, startWireServer, type WireServer } from './wire-server.ts'

const key = 'sk-secret-canary'
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], maxOutputTokens: 10 }

describe('calls that go wrong on the way', () => {
  let wire: WireServer
  let providers: Record<string, ChatProvider>

  beforeAll(async () => {
    wire = await startWireServer()
    providers = Object.fromEntries(
      createProviders({
        OPENAI_API_KEY: key,
        OPENAI_BASE_URL: `${wire.url}/v1`,
        ANTHROPIC_API_KEY: key,
        ANTHROPIC_BASE_URL: wire.url,
      }).map((provider) => [provider.name, provider]),
    )
  })
  afterAll(() => wire.close())

  const chat = (name: string, timeoutMs = 5000, signal = new AbortController().signal) =>
    (providers[name] as ChatProvider).chat(request, { signal, timeoutMs })
  const failureOf = async (name: string, timeoutMs?: number): Promise<ProviderError> => {
    const error: unknown = await chat(name, timeoutMs).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ProviderError)
    return error as ProviderError
  }

  describe.each(['openai', 'anthropic'])('%s', (name) => {
    const start =
      name === 'openai'
        ? { choices: [{ index: 0, delta: { content: 'Half an ans' }, finish_reason: null }] }
        : { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half an ans' } }

    it('a stream that ends without its end is a failure of the connection, not an answer', async () => {
      wire.answerWith((_, response) => {
        sendEvents(response, [start])
        response.end()
      })
      expect((await failureOf(name)).failure).toMatchObject({ kind: 'connection', retryable: true })
    })

    it('a connection that is reset in mid-stream', async () => {
      wire.answerWith((_, response) => {
        sendEvents(response, [start])
        setTimeout(() => response.socket?.resetAndDestroy(), 20)
      })
      expect((await failureOf(name)).failure).toMatchObject({ kind: 'connection', retryable: true })
    })

    it('JSON that is broken in mid-stream can be retried', async () => {
      wire.answerWith((_, response) => {
        sendEvents(response, [
          start,
          name === 'openai' ? 'data: {"choices": [\n\n' : 'event: message_delta\ndata: {"ty\n\n',
        ])
        response.end()
      })
      expect((await failureOf(name)).failure.retryable).toBe(true)
    })

    it('an error event in mid-stream', async () => {
      const event =
        name === 'openai'
          ? { error: { message: 'The server had an error', type: 'server_error', code: null, param: null } }
          : { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
      wire.answerWith((_, response) => {
        sendEvents(response, [start, event])
        response.end()
      })
      const { failure } = await failureOf(name)
      expect(failure.retryable).toBe(true)
      expect(failure.kind).toBe(name === 'openai' ? 'unknown' : 'overloaded')
    })

    it('a server that never answers, and one that stops in mid-stream, run into the time limit', async () => {
      wire.answerWith(() => {})
      const silent = await failureOf(name, 150)
      wire.answerWith((_, response) => sendEvents(response, [start]))
      const stuck = await failureOf(name, 150)
      for (const { failure } of [silent, stuck])
        expect(failure).toMatchObject({
          kind: 'timeout',
          retryable: true,
          message: 'No complete answer within 150 ms.',
        })
    })

    it('a call that we stop ourselves is no failure', async () => {
      wire.answerWith((_, response) => sendEvents(response, [start]))
      const controller = new AbortController()
      const call = chat(name, 5000, controller.signal)
      setTimeout(() => controller.abort(), 50)
      await expect(call).rejects.toBeInstanceOf(AbortedError)
      await expect(chat(name, 5000, controller.signal)).rejects.toBeInstanceOf(AbortedError)
    })

    it('the key is in no message', async () => {
      wire.answerWith((_, response) => response.writeHead(401, { 'content-type': 'application/json' }).end('{}'))
      const error = await failureOf(name)
      expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(key)
    })
  })

  it('a server that is not there', async () => {
    const [openai] = createProviders({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' })
    const error: unknown = await openai
      ?.chat(request, { signal: new AbortController().signal, timeoutMs: 2000 })
      .catch((caught: unknown) => caught)
    expect((error as ProviderError).failure).toMatchObject({ kind: 'connection', retryable: true, httpStatus: null })
    expect((error as ProviderError).failure.message).toMatch(/ECONNREFUSED|refused|bad port/i)
  })
})
