import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What the server got, for checks of the wire. */
export interface ReceivedRequest {
  method: string
  url: string
  headers: IncomingMessage['headers']
  /** The parsed JSON body; null where there was none. */
  body: Record<string, unknown> | null
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void

export interface FakeServer {
  url: string
  requests: ReceivedRequest[]
  /** What the next requests get. */
  answer: Answer
  /** Connections that are open now. */
  sockets: Set<Socket>
  close(): Promise<void>
}

/** A plain local server whose answers the test writes byte by byte, so that the real SDKs raise their real errors. */
export async function startFakeServer(): Promise<FakeServer> {
  const sockets = new Set<Socket>()
  const http = createServer((incoming, response) => {
    let text = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (chunk: string) => (text += chunk))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown>)
      const request = { method, url, headers, body }
      server.requests.push(request)
      server.answer(response, request)
    })
  })
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Cut connections are part of the tests.
    socket.on('error', () => {})
  })
  const server: FakeServer = {
    url: '',
    requests: [],
    answer: (response) => response.writeHead(404).end(),
    sockets,
    async close() {
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
    },
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return server
}

/** Answers with a whole body. */
export function reply(status: number, headers: Record<string, string>, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

/** Answers with a stream of events that is all there. */
export function replyStream(events: string, headers: Record<string, string> = {}): Answer {
  return reply(200, { 'content-type': 'text/event-stream', ...headers }, events)
}

/** Sends headers and some events, and then nothing more. */
export function hangAfter(events: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(events)
  }
}

/** Sends headers and some events, and then resets the connection. */
export function resetAfter(events: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(events, () => setTimeout(() => response.socket?.resetAndDestroy(), 10))
  }
}

/** One chunk of OpenAI's stream. */
export function openAiChunk(delta: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  return data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null, ...more }] })
}

/** The end of OpenAI's stream: finish reason, usage, [DONE]. */
export function openAiEnd(finishReason: string, usage: Record<string, unknown> | null = openAiUsage): string {
  const last = usage === null ? '' : data({ id: 'chatcmpl-1', choices: [], usage })
  return `${openAiChunk({}, { finish_reason: finishReason })}${last}data: [DONE]\n\n`
}

const openAiUsage = { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 8 } }

/** One event of Anthropic's stream. */
export function anthropicEvent(type: string, fields: Record<string, unknown> = {}): string {
  return `event: ${type}\n${data({ type, ...fields })}`
}

/** The start of Anthropic's stream. */
export function anthropicStart(usage: Record<string, unknown> = { input_tokens: 4, output_tokens: 1 }): string {
  return anthropicEvent('message_start', { message: { id: 'msg_1', role: 'assistant', content: [], usage } })
}

/** A whole text block of Anthropic's stream. */
export function anthropicText(index: number, ...pieces: string[]): string {
  return [
    anthropicEvent('content_block_start', { index, content_block: { type: 'text', text: '' } }),
    ...pieces.map((text) => anthropicEvent('content_block_delta', { index, delta: { type: 'text_delta', text } })),
    anthropicEvent('content_block_stop', { index }),
  ].join('')
}

/** The end of Anthropic's stream. */
export function anthropicEnd(stopReason: string, usage: Record<string, unknown> = { output_tokens: 5 }): string {
  return (
    anthropicEvent('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage }) +
    anthropicEvent('message_stop')
  )
}

function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}
