import type { ErrorBody, Item, RunDetail, RunUpdate } from '@proctor/schema'
import { readError } from './errors.ts'
import { emptyLiveRun, hasGap, maxLoadedItems, reduceRun, type LiveRun, type LiveRunAction } from './run-reducer.ts'
import { client } from './trpc.ts'

const pageSize = 500
const hiddenFlushMs = 1000
const maxRetryMs = 10_000

export interface Connection {
  state: 'connecting' | 'live' | 'down'
  /** When the page last knew itself to be up to date. */
  lastUpdateAt: number
}

export interface RunStreamState {
  live: LiveRun
  connection: Connection
  /** Set when the run cannot be watched at all (there is no such run). */
  error: ErrorBody | null
  /** Rows up to this position are loaded; rows beyond it are held back, so that none slips in between. */
  loadedThrough: number
  itemsComplete: boolean
}

/**
 * One run, live: one event stream, resumed where it broke off, and the rows loaded page by page.
 * Whatever arrives is queued and reduced at most once per animation frame.
 */
export class RunStream {
  private readonly runId: string
  private state: RunStreamState = {
    live: emptyLiveRun,
    connection: { state: 'connecting', lastUpdateAt: Date.now() },
    error: null,
    loadedThrough: -1,
    itemsComplete: false,
  }
  private readonly listeners = new Set<() => void>()
  private queue: LiveRunAction[] = []
  private cancelFlush: (() => void) | null = null
  private stopEvents: (() => void) | null = null
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private retries = 0
  /** Where a gap made us resume; once per gap, since rows and late events still arrive meanwhile. */
  private resumedAfter = -1
  private loading: AbortController | null = null

  constructor(runId: string) {
    this.runId = runId
  }

  readonly getState = (): RunStreamState => this.state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    if (this.listeners.size === 1) this.connect()
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) this.close()
    }
  }

  /** Puts in a fresh copy of the run, for what no event carries. */
  putDetail(run: RunDetail): void {
    if (this.state.live.run) this.enqueue({ type: 'detail', run })
  }

  /** Rows that were found by other ways; from now on events change them too. */
  readonly putItems = (items: readonly Item[]): void => {
    if (items.length > 0 && this.state.live.run) this.enqueue({ type: 'items', items })
  }

  private connect(): void {
    this.disconnect()
    const { appliedSeq, run } = this.state.live
    const subscription = client.batch.onRunEvents.subscribe(
      { runId: this.runId, ...(run ? { lastEventId: String(appliedSeq) } : {}) },
      {
        onData: ({ data }: { data: RunUpdate }) => this.enqueue({ type: 'update', update: data }),
        onConnectionStateChange: ({ state }) => this.setConnection(state === 'pending'),
        onError: (error) => this.lose(error),
        onComplete: () => this.lose(null),
      },
    )
    this.stopEvents = () => subscription.unsubscribe()
  }

  /** Forgets the subscription first: ending it must not look like losing it. */
  private disconnect(): void {
    const stop = this.stopEvents
    this.stopEvents = null
    stop?.()
    clearTimeout(this.retryTimer)
  }

  private close(): void {
    this.disconnect()
    this.cancelFlush?.()
    this.cancelFlush = null
    this.loading?.abort()
    this.loading = null
  }

  /** The browser reconnects by itself after a dropped connection, but not after an HTTP error. */
  private lose(error: unknown): void {
    if (this.listeners.size === 0 || !this.stopEvents) return
    this.stopEvents = null
    const body = error === null ? null : readError(error)
    if (body && (body.code === 'not-found' || body.code === 'invalid-input')) {
      this.set({ error: body })
      return
    }
    this.setConnection(false)
    this.retryTimer = setTimeout(() => this.connect(), Math.min(maxRetryMs, 500 * 2 ** this.retries++))
  }

  private setConnection(isUp: boolean): void {
    const { connection } = this.state
    if (isUp) this.retries = 0
    const down = connection.state === 'connecting' && this.retries === 0 ? 'connecting' : 'down'
    const state = isUp ? 'live' : down
    if (state === connection.state) return
    this.set({
      connection: { state, lastUpdateAt: connection.state === 'live' ? Date.now() : connection.lastUpdateAt },
    })
  }

  private enqueue(action: LiveRunAction): void {
    this.queue.push(action)
    if (this.cancelFlush) return
    // Frames stop in a hidden tab, where the queue would grow without end.
    if (document.hidden) {
      const timer = setTimeout(() => this.flush(), hiddenFlushMs)
      this.cancelFlush = () => clearTimeout(timer)
    } else {
      const frame = requestAnimationFrame(() => this.flush())
      const timer = setTimeout(() => this.flush(), hiddenFlushMs)
      this.cancelFlush = () => {
        cancelAnimationFrame(frame)
        clearTimeout(timer)
      }
    }
  }

  private flush(): void {
    this.cancelFlush?.()
    this.cancelFlush = null
    const actions = this.queue
    this.queue = []
    const live = reduceRun(this.state.live, actions)
    this.set({ live })
    if (hasGap(live) && this.resumedAfter !== live.appliedSeq) {
      this.resumedAfter = live.appliedSeq
      this.connect()
    }
    if (live.run && (live.itemsStale || !this.loading)) void this.loadItems()
  }

  /** Loads after the first snapshot, never before it: a change between the two would be lost. */
  private async loadItems(): Promise<void> {
    this.loading?.abort()
    const controller = new AbortController()
    this.loading = controller
    const { signal } = controller
    if (this.state.live.itemsStale) this.enqueue({ type: 'reloading' })
    let cursor: string | null = null
    let loaded = 0
    let failures = 0
    while (!signal.aborted) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- each page names the next one
        const page = await client.batch.items.query({ runId: this.runId, cursor, limit: pageSize }, { signal })
        this.enqueue({ type: 'items', items: page.items })
        // In before they count as loaded: else the page would show, for a frame, just the rows that had events.
        this.flush()
        loaded += page.items.length
        failures = 0
        cursor = page.nextCursor
        const complete = cursor === null || loaded >= maxLoadedItems
        const last = page.items.at(-1)
        this.set({
          loadedThrough: Math.max(this.state.loadedThrough, last?.position ?? -1),
          itemsComplete: this.state.itemsComplete || complete,
        })
        if (complete) return
      } catch {
        if (signal.aborted) return
        failures++
        // oxlint-disable-next-line no-await-in-loop -- the pause before the same page is asked for again
        await new Promise((resolve) => setTimeout(resolve, Math.min(maxRetryMs, 500 * 2 ** failures)))
      }
    }
  }

  private set(change: Partial<RunStreamState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}
