import type { Item, RunDetail, RunEvent, RunNote, RunStatus, RunUpdate } from '@proctor/schema'

/** How much was done at a moment, for the rate. */
interface ProgressSample {
  atMs: number
  answers: number
  verdicts: number
}

/** A run as the page knows it, built from snapshots, events and pages of items in any order. */
export interface LiveRun {
  run: RunDetail | null
  items: ReadonlyMap<string, Item>
  /** Item ids by position. */
  order: readonly string[]
  /** Every event up to this number is in. */
  appliedSeq: number
  /** Numbers of events that came before an earlier one did; not empty means that there is a gap. */
  aheadSeqs: ReadonlySet<number>
  progressSeq: number
  statusSeq: number
  /** A snapshot skipped events, so loaded rows may be old: they are to be loaded again. */
  itemsStale: boolean
  samples: readonly ProgressSample[]
  /** What the observer said last, since the page was opened. */
  note: RunNote | null
}

export type LiveRunAction =
  | { type: 'update'; update: RunUpdate }
  | { type: 'items'; items: readonly Item[] }
  /** The rows are being loaded again from the first page. */
  | { type: 'reloading' }
  /** A fresh copy of the run, for what no event carries (latency, settings). */
  | { type: 'detail'; run: RunDetail }

export const emptyLiveRun: LiveRun = {
  run: null,
  items: new Map(),
  order: [],
  appliedSeq: 0,
  aheadSeqs: new Set(),
  progressSeq: 0,
  statusSeq: 0,
  itemsStale: false,
  samples: [],
  note: null,
}

/** Rows that a page loads and follows; others come by filtering and sorting on the server. */
export const maxLoadedItems = 10_000
const finalStatuses: ReadonlySet<RunStatus> = new Set(['completed', 'cancelled', 'failed'])
const sampleWindowMs = 30_000

/** True while an event is missing: the subscription is to be resumed after `appliedSeq`. */
export function hasGap(state: LiveRun): boolean {
  return state.aheadSeqs.size > 0
}

/**
 * Applies a batch of actions. Pure, idempotent and order-safe: a row, the counters and the status each
 * keep the number of the event that they stand at, and nothing at or below it changes them again.
 * The map of rows is copied once per batch, so a frame's worth of events costs one copy.
 */
export function reduceRun(state: LiveRun, actions: readonly LiveRunAction[]): LiveRun {
  const draft = new Draft(state)
  for (const action of actions) draft.apply(action)
  return draft.finish()
}

class Draft {
  private readonly before: LiveRun
  private next: LiveRun
  private items: Map<string, Item> | null = null
  private ahead: Set<number> | null = null
  private orderChanged = false

  constructor(state: LiveRun) {
    this.before = state
    this.next = state
  }

  apply(action: LiveRunAction): void {
    if (action.type === 'items') for (const item of action.items) this.putItem(item)
    else if (action.type === 'reloading') this.next = { ...this.next, itemsStale: false }
    else if (action.type === 'detail') this.putDetail(action.run)
    else if (action.update.kind === 'snapshot') this.putSnapshot(action.update.run)
    else this.putEvent(action.update.event)
  }

  finish(): LiveRun {
    const items = this.items ?? this.before.items
    const aheadSeqs = this.ahead ?? this.before.aheadSeqs
    if (this.next === this.before && items === this.before.items && aheadSeqs === this.before.aheadSeqs)
      return this.before
    const order = this.orderChanged ? orderOf(items) : this.before.order
    return { ...this.next, items, order, aheadSeqs }
  }

  private putItem(item: Item): void {
    const items = this.items ?? this.before.items
    const known = items.get(item.id)
    if (known && known.seq >= item.seq) return
    this.items ??= new Map(this.before.items)
    this.items.set(item.id, item)
    if (!known) this.orderChanged = true
  }

  /** Rows beyond the loaded ones are followed only once somebody has looked for them, so that memory is bounded. */
  private putEventItem(item: Item): void {
    const isWatched = item.position < maxLoadedItems || (this.items ?? this.before.items).has(item.id)
    if (isWatched) this.putItem(item)
  }

  private putSnapshot(run: RunDetail): void {
    const skipped = this.next.run !== null && run.lastEventSeq > this.next.appliedSeq
    this.putDetail(run)
    if (skipped) this.next = { ...this.next, itemsStale: true }
    this.advance(run.lastEventSeq)
  }

  /** A copy of the run is as old as its `lastEventSeq`: newer counters and status stay. */
  private putDetail(run: RunDetail): void {
    const { next } = this
    const seq = run.lastEventSeq
    if (!next.run) {
      this.next = { ...next, run, progressSeq: seq, statusSeq: seq }
      return
    }
    const merged = { ...run }
    if (next.progressSeq > seq) merged.progress = next.run.progress
    if (next.statusSeq > seq) {
      merged.status = next.run.status
      merged.statusReason = next.run.statusReason
      merged.statusMessage = next.run.statusMessage
      merged.startedAt = next.run.startedAt
      merged.finishedAt = next.run.finishedAt
    }
    merged.lastEventSeq = Math.max(seq, next.run.lastEventSeq)
    this.next = {
      ...next,
      run: merged,
      progressSeq: Math.max(next.progressSeq, seq),
      statusSeq: Math.max(next.statusSeq, seq),
    }
  }

  private putEvent({ seq, at, body }: RunEvent): void {
    if (body.type === 'item') this.putEventItem({ ...body.item, seq })
    else if (body.type === 'progress') {
      if (this.next.run && seq > this.next.progressSeq) {
        const samples = addSample(this.next.samples, sampleOf(at, body.progress.counts))
        this.next = { ...this.next, run: { ...this.next.run, progress: body.progress }, progressSeq: seq, samples }
      }
    } else if (body.type === 'note') this.next = { ...this.next, note: body.note }
    else if (this.next.run && seq > this.next.statusSeq) {
      const { status, reason, message } = body
      const isFinal = finalStatuses.has(status)
      const run = {
        ...this.next.run,
        status,
        statusReason: reason,
        statusMessage: message,
        finishedAt: isFinal ? at : null,
      }
      if (status === 'running') run.startedAt ??= at
      this.next = { ...this.next, run, statusSeq: seq }
    }
    this.advance(seq, true)
  }

  /** Counts `seq` as seen; a snapshot covers everything below it, a single event only itself. */
  private advance(seq: number, single = false): void {
    let { appliedSeq } = this.next
    if (seq <= appliedSeq) return
    if (single && seq > appliedSeq + 1) {
      this.ahead ??= new Set(this.before.aheadSeqs)
      this.ahead.add(seq)
      return
    }
    appliedSeq = seq
    const waiting = this.ahead ?? this.before.aheadSeqs
    if (waiting.size > 0) {
      this.ahead ??= new Set(this.before.aheadSeqs)
      while (this.ahead.delete(appliedSeq + 1)) appliedSeq++
      for (const number of this.ahead) if (number <= appliedSeq) this.ahead.delete(number)
    }
    this.next = { ...this.next, appliedSeq }
  }
}

function orderOf(items: ReadonlyMap<string, Item>): string[] {
  return [...items.values()].toSorted((a, b) => a.position - b.position).map((item) => item.id)
}

function sampleOf(at: string, counts: RunDetail['progress']['counts']): ProgressSample {
  const verdicts = counts.judged + counts.judgeFailed
  return { atMs: Date.parse(at), answers: verdicts + counts.answered + counts.failed, verdicts }
}

/** Keeps about one sample per half second over the last half minute. */
function addSample(samples: readonly ProgressSample[], sample: ProgressSample): readonly ProgressSample[] {
  const beforeLast = samples.at(-2)
  const kept = beforeLast && sample.atMs - beforeLast.atMs < 500 ? samples.slice(0, -1) : samples
  return [...kept.filter((old) => sample.atMs - old.atMs <= sampleWindowMs), sample]
}
