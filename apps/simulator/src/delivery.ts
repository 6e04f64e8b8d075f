import type { ServerResponse } from 'node:http'
import type { FlatHeaders } from './protocols/adapter.ts'

/** How long a client gets to read the first half before its connection is reset. */
const readBeforeResetMs = 20

/**
 * Runs an action at a point in time (of performance.now()), at once when that has passed; never once the
 * connection is closed. Points in time instead of delays keep a busy event loop from adding up.
 */
export function runAt(dueAt: number, response: ServerResponse, action: () => void): void {
  const delay = dueAt - performance.now()
  if (delay <= 0) {
    if (!response.destroyed) action()
    return
  }
  const forget = (): void => clearTimeout(timer)
  const timer = setTimeout(() => {
    response.off('close', forget)
    if (!response.destroyed) action()
  }, delay)
  response.once('close', forget)
}

/** Sends a JSON text with its status and headers. */
export function sendJson(response: ServerResponse, status: number, body: string, headers: FlatHeaders = []): void {
  response.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    ...headers,
  ])
  response.end(body)
}

/** Sends half of the body that was promised, then resets the connection. */
export function sendHalfJson(response: ServerResponse, body: string, headers: FlatHeaders): void {
  response.writeHead(200, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    ...headers,
  ])
  response.write(body.slice(0, Math.ceil(body.length / 2)))
  resetSoon(response)
}

interface StreamPlan {
  head: string
  pieces: string[]
  piece: (text: string) => string
  tail: string
  /** When the first piece is due; the following ones come every intervalMs, all at once when it is 0. */
  startAt: number
  intervalMs: number
  isReset: boolean
  onEnd(): void
}

/** Sends server-sent events; every piece has its own due time, so a late one does not delay the rest. */
export function sendStream(response: ServerResponse, headers: FlatHeaders, plan: StreamPlan): void {
  response.writeHead(200, ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache', ...headers])
  const count = plan.isReset ? Math.ceil(plan.pieces.length / 2) : plan.pieces.length
  let sent = 0
  const advance = (): void => {
    const due =
      plan.intervalMs === 0
        ? count
        : Math.min(count, 1 + Math.floor((performance.now() - plan.startAt) / plan.intervalMs))
    let events = sent === 0 ? plan.head : ''
    for (; sent < due; sent += 1) events += plan.piece(plan.pieces[sent] as string)
    if (sent < count) {
      response.write(events)
      runAt(plan.startAt + sent * plan.intervalMs, response, advance)
    } else if (plan.isReset) {
      response.write(events)
      resetSoon(response)
    } else {
      plan.onEnd()
      response.end(events + plan.tail)
    }
  }
  advance()
}

function resetSoon(response: ServerResponse): void {
  setTimeout(() => response.socket?.resetAndDestroy(), readBeforeResetMs)
}
