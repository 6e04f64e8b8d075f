import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A provider's end of the wire, played by the test: what it answers is written down byte for byte. */
export interface WireServer {
  url: string
  /** Body of the last request. */
  lastBody(): Record<string, unknown>
  answerWith(handler: (request: IncomingMessage, response: ServerResponse) => void): void
  close(): Promise<void>
}

export async function startWireServer(): Promise<WireServer> {
  let handler: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end()
  let body = ''
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      body = text
      handler(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastBody: () => JSON.parse(body) as Record<string, unknown>,
    answerWith: (next) => (handler = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Server-sent events out of JSON values; strings are sent as they are. */
export function sendEvents(response: ServerResponse, events: readonly unknown[], headers: object = {}): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
  for (const event of events) response.write(typeof event === 'string' ? event : toEvent(event))
}

export function toEvent(value: unknown): string {
  const { type } = value as { type?: string }
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${JSON.stringify(value)}\n\n`
}
