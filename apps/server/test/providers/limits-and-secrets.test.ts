import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AbortedError, ProviderError } from '../../src/domain/errors.ts'
import type { ChatOptions, ChatProvider, ChatRequest } from '../../src/domain/ports.ts'
import { createProviders } from '../../src/providers/index.ts'
import { sendEvents, startWireServer, toEvent, type WireServer } from './wire-server.ts'

const key = 'canary-4f1d9c2e77b0'
const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], maxOutputTokens: 10 }
const answers = {
  openai: (text: string): unknown[] => [
    { choices: [{ index: 0, delta: { content: text }, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
    'data: [DONE]\n\n',
  ],
  anthropic: (text: string): unknown[] => [
    { type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ],
}

let wire: WireServer
beforeAll(async () => {
  wire = await startWireServer()
})
afterAll(() => wire.close())

function createProvider(name: string, apiKey: string, url: string): ChatProvider {
  const provider = createProviders({
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: `${url}/v1`,
    ANTHROPIC_API_KEY: apiKey,
    ANTHROPIC_BASE_URL: url,
  }).find((entry) => entry.name === name)
  if (!provider) throw new Error(`There is no provider ${name}.`)
  return provider
}

/** An address where nobody listens. */
async function closedUrl(): Promise<string> {
  const other = await startWireServer()
  await other.close()
  return other.url
}

async function errorOf(call: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await call.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ProviderError)
  return error as ProviderError
}

/** All that a log could print of an error. */
function textsOf(error: Error): string {
  const texts: string[] = []
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    texts.push(current.message, current.stack ?? '', JSON.stringify(current))
  return texts.join('\n')
}

describe.each(['openai', 'anthropic'] as const)('%s', (name) => {
  const options = (overrides: Partial<ChatOptions> = {}): ChatOptions => ({
    signal: new AbortController().signal,
    timeoutMs: 5000,
    ...overrides,
  })
  const provider = () => createProvider(name, key, wire.url)

  it('keeps characters whole wherever the packets are cut', async () => {
    const text = 'é日本🎉'
    const events = answers[name](text).map((event) => (typeof event === 'string' ? event : toEvent(event)))
    const bytes = Buffer.from(events.join(''))
    wire.answerWith((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.socket?.setNoDelay(true)
      let sent = 0
      const sendNext = () => {
        if (sent >= bytes.length) response.end()
        else response.write(bytes.subarray(sent, (sent += 1)), () => setImmediate(sendNext))
      }
      sendNext()
    })
    const pieces: string[] = []
    const result = await provider().chat(request, options({ onText: (piece) => pieces.push(piece) }))
    expect([result.text, pieces.join('')]).toEqual([text, text])
  })

  it.each([
    ['before the headers', () => {}],
    ['in the body of an error', (response) => response.writeHead(500, { 'content-length': '99' }).write('{"error":')],
    ['in mid-stream', (response) => sendEvents(response, answers[name]('x').slice(0, 2))],
    ['behind the last event', (response) => sendEvents(response, answers[name]('x').slice(0, 3))],
  ] satisfies [string, (response: ServerResponse) => void][])(
    'ends in time when the server hangs %s, and at once when it is stopped',
    async (_, hang) => {
      wire.answerWith((__, response) => hang(response))
      let startMs = performance.now()
      const { failure } = await errorOf(provider().chat(request, options({ timeoutMs: 150 })))
      expect(failure).toMatchObject({ kind: 'timeout', retryable: true })
      expect(performance.now() - startMs).toBeLessThan(1000)
      const controller = new AbortController()
      startMs = performance.now()
      setTimeout(() => controller.abort(new Error('the user pressed cancel')), 60)
      const stopped = provider().chat(request, options({ signal: controller.signal }))
      await expect(stopped).rejects.toBeInstanceOf(AbortedError)
      expect(performance.now() - startMs).toBeLessThan(1000)
    },
  )

  it.each<[string, (response: ServerResponse) => void]>([
    ['hangs', () => {}],
    ['is reset', (response) => setTimeout(() => response.socket?.resetAndDestroy(), 20)],
  ])('keeps an answer that is whole when the connection %s behind it', async (_, end) => {
    wire.answerWith((__, response) => {
      sendEvents(response, answers[name]('whole'))
      end(response)
    })
    const result = await provider().chat(request, options({ timeoutMs: 200 }))
    expect(result).toMatchObject({ text: 'whole', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } })
    expect(result.latencyMs).toBeLessThan(150)
  })

  it('sends nothing when the signal has fired already', async () => {
    let requests = 0
    wire.answerWith((_, response) => {
      requests += 1
      response.end()
    })
    const stopped = provider().chat(request, options({ signal: AbortSignal.abort() }))
    await expect(stopped).rejects.toBeInstanceOf(AbortedError)
    expect(requests).toBe(0)
  })

  it('tells the key to nobody, whatever the server does with it', async () => {
    const echo = `You sent ${key}`
    const body = name === 'openai' ? { error: { message: echo } } : { error: { type: 'api_error', message: echo } }
    const error = name === 'openai' ? body : { type: 'error', ...body }
    const errors: Error[] = []
    const collect = async (answer: Parameters<WireServer['answerWith']>[0]) => {
      wire.answerWith(answer)
      errors.push(await errorOf(provider().chat(request, options({ timeoutMs: 300 }))))
    }
    await collect((_, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
    await collect((_, response) => response.writeHead(500).end(echo))
    await collect((_, response) => {
      sendEvents(response, [error])
      response.end()
    })
    await collect((_, response) => {
      sendEvents(response, [`event: x\ndata: {"${key}\n\n`])
      response.end()
    })
    await collect((_, response) => response.writeHead(200, { 'content-type': `text/${key}` }).end())
    await collect((_, response) => response.socket?.destroy())
    await collect(() => {})
    errors.push(await errorOf(createProvider(name, key, await closedUrl()).chat(request, options())))
    errors.push(await errorOf(createProvider(name, key, await closedUrl()).listModels(options().signal)))
    for (const each of errors) expect(textsOf(each)).not.toContain(key)
  })

  it.each(['ollama', 'none', 'x'])('leaves messages readable when the key is %j', async (word) => {
    const message = 'The next model, ollama, is none of these.'
    const body = name === 'openai' ? { error: { message } } : { type: 'error', error: { type: 'x', message } }
    wire.answerWith((_, response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
    const error = await errorOf(createProvider(name, word, wire.url).chat(request, options()))
    expect(error.message).toBe(message)
  })

  it.each([
    [{ detail: 'Not Found' }, 'Not Found'],
    [{ error: 'model "m" not found' }, 'model "m" not found'],
    [
      {
        detail: [
          { loc: ['body'], msg: 'too small' },
          { loc: ['body'], msg: 'too big' },
        ],
      },
      'too small; too big',
    ],
    [{ error: { message: { error: 'nested' } } }, 'nested'],
    [{ message: `${'x '.repeat(248)}${key}` }, `${'x '.repeat(248)}[key]`.slice(0, 500)],
    [{ message: 'much '.repeat(1000) }, `${'much '.repeat(100)}…`],
    [{ error: { message: '' } }, 'HTTP 400 without a message.'],
    [{ error: null }, '{"error":null}'],
  ])('reads the message out of %j', async (body, message) => {
    wire.answerWith((_, response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
    const error = await errorOf(provider().chat(request, options()))
    expect(error.message.replace('…', '')).toBe(message.replace('…', ''))
    expect(error.message.length).toBeLessThan(520)
  })

  it('reads an error of a thousand levels without an overflow', async () => {
    const body = `${'{"error":'.repeat(2000)}"deep"${'}'.repeat(2000)}`
    wire.answerWith((_, response) => response.writeHead(400, { 'content-type': 'application/json' }).end(body))
    expect((await errorOf(provider().chat(request, options()))).message.length).toBeLessThan(520)
  })

  it('lists no models where the server cannot be reached', async () => {
    const { failure } = await errorOf(createProvider(name, key, await closedUrl()).listModels(options().signal))
    expect(failure).toMatchObject({ kind: 'connection', retryable: true, httpStatus: null })
    expect(failure.message).toContain('ECONNREFUSED')
  })

  it.each([
    ['a page', 'text/html', '<html>Welcome</html>'],
    ['something else', 'application/json', '{"message":"ok"}'],
    ['an empty list', 'application/json', '{"object":"list","data":[]}'],
    ['nothing', 'application/json', '{"object":"list","data":null}'],
  ])('takes %s for a server without a list, which refuses no model', async (_, type, body) => {
    wire.answerWith((__, response) => response.writeHead(200, { 'content-type': type }).end(body))
    expect(await provider().listModels(options().signal)).toBeNull()
  })

  it('leaves no listener and no timer behind after 2,000 calls', { timeout: 60_000 }, async () => {
    wire.answerWith((_, response) => {
      sendEvents(response, answers[name]('x'))
      response.end()
    })
    const chatter = provider()
    const { signal } = new AbortController()
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    await chatter.chat(request, options({ signal }))
    const before = timers()
    const next = Array.from({ length: 2000 }).values()
    const work = async () => {
      for (const _ of next) await chatter.chat(request, options({ signal, timeoutMs: 120_000 }))
    }
    await Promise.all(Array.from({ length: 16 }, work))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(timers()).toBeLessThan(before + 16)
  })
})
