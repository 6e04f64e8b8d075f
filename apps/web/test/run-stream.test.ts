import type { Item, RunDetail, RunUpdate } from '@proctor/schema'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

interface Handlers {
  onData: (envelope: { id: string; data: RunUpdate }) => void
  onConnectionStateChange: (state: { state: 'connecting' | 'pending' | 'idle' }) => void
  onError: (error: unknown) => void
  onComplete: () => void
}

const server = vi.hoisted(() => ({
  subscriptions: [] as { input: { lastEventId?: string }; handlers: Handlers; isOpen: boolean }[],
  itemQueries: 0,
  items: [] as Item[],
}))

vi.mock('../src/data/trpc.ts', () => ({
  client: {
    batch: {
      onRunEvents: {
        subscribe: (input: { lastEventId?: string }, handlers: Handlers) => {
          const subscription = { input, handlers, isOpen: true }
          server.subscriptions.push(subscription)
          return {
            unsubscribe: () => {
              subscription.isOpen = false
              // tRPC completes a subscription that is ended from this side.
              handlers.onComplete()
            },
          }
        },
      },
      items: {
        query: async () => {
          server.itemQueries++
          return { items: server.items, nextCursor: null }
        },
      },
    },
  },
}))

const { RunStream } = await import('../src/data/run-stream.ts')

const run = { id: 'r', status: 'running', lastEventSeq: 3, progress: { counts: { total: 1 } } } as unknown as RunDetail
const item = { id: 'i', position: 0, seq: 2, state: 'running' } as unknown as Item
const latest = () => server.subscriptions.at(-1)
const send = (data: RunUpdate) => latest()?.handlers.onData({ id: '', data })
const itemEvent = (seq: number, state: Item['state']): RunUpdate => {
  const { seq: _seq, ...body } = item
  return { kind: 'event', event: { seq, at: '2026-01-01T00:00:00Z', body: { type: 'item', item: { ...body, state } } } }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hidden: true })
  Object.assign(server, { subscriptions: [], itemQueries: 0, items: [item] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function open() {
  const stream = new RunStream('r')
  const close = stream.subscribe(() => {})
  latest()?.handlers.onConnectionStateChange({ state: 'pending' })
  return { stream, close }
}

describe('RunStream', () => {
  it('loads the rows after the first snapshot, not before, and merges events into them', async () => {
    const { stream } = open()
    await vi.advanceTimersByTimeAsync(1500)
    expect(server.itemQueries).toBe(0)
    send({ kind: 'snapshot', run })
    send(itemEvent(4, 'answered'))
    await vi.advanceTimersByTimeAsync(3000)
    expect(server.itemQueries).toBe(1)
    expect(stream.getState().live.items.get('i')?.state).toBe('answered')
    expect(stream.getState().itemsComplete).toBe(true)
  })

  it('resumes after the last event without a gap when one is missing, once', async () => {
    open()
    send({ kind: 'snapshot', run })
    send(itemEvent(6, 'judged'))
    await vi.advanceTimersByTimeAsync(3000)
    expect(server.subscriptions.map(({ isOpen }) => isOpen)).toEqual([false, true])
    expect(latest()?.input.lastEventId).toBe('3')
  })

  it('says that it is down, tries again where it stood, and is live again', async () => {
    const { stream } = open()
    send({ kind: 'snapshot', run })
    await vi.advanceTimersByTimeAsync(2000)
    latest()?.handlers.onError(new Error('HTTP 502'))
    expect(stream.getState().connection.state).toBe('down')
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.subscriptions).toHaveLength(2)
    expect(latest()?.input.lastEventId).toBe('3')
    latest()?.handlers.onConnectionStateChange({ state: 'pending' })
    expect(stream.getState().connection.state).toBe('live')
  })

  it('does not try again for a run that does not exist, or after it was closed', async () => {
    const { stream, close } = open()
    const error = { code: 'not-found', field: 'runId', message: 'No.', mend: 'Look.', requestId: '1' }
    latest()?.handlers.onError({ data: { error } })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stream.getState().error?.code).toBe('not-found')
    close()
    expect(server.subscriptions).toHaveLength(1)
  })

  it('loads the rows again when a snapshot skipped events', async () => {
    const { stream } = open()
    send({ kind: 'snapshot', run })
    await vi.advanceTimersByTimeAsync(2000)
    server.items = [{ ...item, seq: 9, state: 'judged' }]
    send({ kind: 'snapshot', run: { ...run, lastEventSeq: 9 } })
    await vi.advanceTimersByTimeAsync(4000)
    expect(server.itemQueries).toBe(2)
    expect(stream.getState().live.items.get('i')?.state).toBe('judged')
  })
})
