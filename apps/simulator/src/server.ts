import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ZodError } from 'zod'
import { Fault, type Protocol } from './call.ts'
import { answerChat, type Exchange, modelNotFound, sendFault } from './chat.ts'
import { sendJson } from './delivery.ts'
import type { Engine } from './engine.ts'
import type { ProtocolAdapter } from './protocols/adapter.ts'
import { anthropicAdapter } from './protocols/anthropic.ts'
import { openaiAdapter } from './protocols/openai.ts'

const largestBodyBytes = 32 * 1024 * 1024
const adapters: Record<Protocol, ProtocolAdapter> = { openai: openaiAdapter, anthropic: anthropicAdapter }

/** The HTTP server of both protocols; it does not listen yet. */
export function createHttpServer(engine: Engine): Server {
  let requestCount = 0
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, (request, response) => {
    requestCount += 1
    const id = `sim${requestCount.toString(36).padStart(10, '0')}`
    route(engine, request, response, id)
  })
  return server
}

function route(engine: Engine, request: IncomingMessage, response: ServerResponse, id: string): void {
  const path = (request.url ?? '/').split('?', 1)[0] as string
  if (path.startsWith('/simulator/')) {
    control(engine, request, response, path)
    return
  }
  const protocol: Protocol = path === '/v1/messages' || 'anthropic-version' in request.headers ? 'anthropic' : 'openai'
  const exchange: Exchange = {
    engine,
    adapter: adapters[protocol],
    request,
    response,
    id,
    arrivedAt: performance.now(),
  }
  const key = exchange.adapter.readKey(request.headers)
  if (!engine.accepts(key)) {
    const message =
      protocol === 'anthropic'
        ? 'invalid x-api-key'
        : key === ''
          ? "You didn't provide an API key."
          : 'Incorrect API key provided.'
    sendFault(exchange, new Fault('authentication', message))
  } else if (
    request.method === 'POST' &&
    path === (protocol === 'anthropic' ? '/v1/messages' : '/v1/chat/completions')
  ) {
    readJson(request, exchange, (body) => answerChat(exchange, body))
  } else if (request.method === 'GET' && (path === '/v1/models' || path.startsWith('/v1/models/'))) {
    sendModels(exchange, protocol, decodeURIComponent(path.slice('/v1/models/'.length)))
  } else {
    sendFault(
      exchange,
      new Fault('not found', protocol === 'anthropic' ? 'Not found' : `Invalid URL (${request.method} ${path})`),
    )
  }
}

function sendModels(exchange: Exchange, protocol: Protocol, model: string): void {
  const { engine, adapter, response, id } = exchange
  if (model !== '' && !engine.hasModel(protocol, model)) {
    sendFault(exchange, modelNotFound({ model, protocol }))
    return
  }
  const body = model === '' ? adapter.modelList(engine.modelsOn(protocol)) : adapter.modelDetails(model)
  sendJson(response, 200, body, [adapter.requestIdHeader, `req_${id}`])
}

function readBody(request: IncomingMessage, onBody: (text: string | null) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= largestBodyBytes) chunks.push(chunk)
  })
  request.on('end', () => {
    onBody(
      size > largestBodyBytes
        ? null
        : (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8'),
    )
  })
}

function readJson(request: IncomingMessage, exchange: Exchange, onValue: (value: unknown) => void): void {
  readBody(request, (text) => {
    if (text === null) {
      sendFault(exchange, new Fault('too large', 'Request exceeds the maximum size'))
      return
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      sendFault(exchange, new Fault('invalid', 'We could not parse the JSON body of your request.'))
      return
    }
    onValue(value)
  })
}

function control(engine: Engine, request: IncomingMessage, response: ServerResponse, path: string): void {
  const sendValue = (value: unknown, status = 200): void => sendJson(response, status, JSON.stringify(value))
  const asked = `${request.method} ${path}`
  if (asked === 'GET /simulator/stats') {
    sendValue(engine.stats.snapshot())
  } else if (asked === 'DELETE /simulator/stats') {
    engine.stats.clear()
    sendValue(engine.stats.snapshot())
  } else if (asked === 'GET /simulator/settings') {
    sendValue(engine.settings)
  } else if (asked === 'POST /simulator/settings') {
    readBody(request, (text) => {
      try {
        sendValue(engine.configure(JSON.parse(text ?? '')))
      } catch (error) {
        sendValue({ error: { message: settingsProblem(error) } }, 400)
      }
    })
  } else {
    sendValue(
      {
        error: {
          message: `The simulator has no ${asked}; see GET /simulator/stats and GET or POST /simulator/settings.`,
        },
      },
      404,
    )
  }
}

/** What is wrong with the settings, in one line. */
export function settingsProblem(error: unknown): string {
  if (!(error instanceof ZodError)) return error instanceof Error ? error.message : String(error)
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
}
