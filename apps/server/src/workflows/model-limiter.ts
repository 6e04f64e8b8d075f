import type { RateLimitState } from '@proctor/schema'
import { AbortedError } from '../domain/errors.ts'
import type { Clock, PaceStore } from '../domain/ports.ts'
import {
  cutPace,
  freePace,
  growPace,
  isPaced,
  isScarce,
  observeHeaders,
  takeSlots,
  type Pace,
} from '../domain/scheduler/pace.ts'

/** The first calls to a model go out few at a time: they bring the headers that tell how many may follow. */
const firstWindow = 4
const widestWindow = 4096
const cutTo = 0.7
/** Slots are taken for this long ahead, so that the database is asked a few times a second at most. */
const aheadMs = 200
/** How often to look whether another process has met a limit, and to tell what went well. */
const syncEveryMs = 1000
const minuteMs = 60_000
const seenForMs = 10_000

/** What a call uses, until some have told. */
const unknownTokens = 1000
/** Weight of the newest call in the mean. */
const newestShare = 0.1

/**
 * Lets calls to one model go, in the order of asking: no more at once than have proved to go well (slow
 * start, then AIMD), and at the pace that all processes share while the provider's room is scarce.
 * While it is not, no call waits for the database.
 */
export class ModelLimiter {
  readonly #model: string
  readonly #store: PaceStore
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #tokensPerCall = unknownTokens
  #window = firstWindow
  #inFlight = 0
  /** The shared pace as last seen. While the database is away, this process keeps to it by itself. */
  #pace: Pace = freePace
  /** The database's time less this process's monotonic time. */
  #offsetMs = Date.now() - performance.now()
  /** When the next calls may go, in this process's time. */
  #slotsMs: number[] = []
  #isTakingSlots = false
  #talk: Promise<void> = Promise.resolve()
  #toldAtMs = Number.NEGATIVE_INFINITY
  #cutAtMs = Number.NEGATIVE_INFINITY
  #wakeAtMs = Number.POSITIVE_INFINITY
  #successesMs: number[] = []

  constructor(deps: { model: string; store: PaceStore; clock: Clock }) {
    this.#model = deps.model
    this.#store = deps.store
    this.#clock = deps.clock
  }

  /**
   * Resolves when a call may go. Each call that went must end in `succeeded`, `refused` or `ended`.
   * @throws AbortedError when the signal fired before
   */
  async admit(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new AbortedError()
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(new AbortedError())
      }
      const go = () => {
        signal.removeEventListener('abort', giveUp)
        this.#inFlight += 1
        resolve()
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.push(go)
      this.#pump()
    })
  }

  /**
   * The call went through; its headers say how much room is left.
   * @param tokens what it used, input and output
   */
  succeeded(headers: RateLimitState, tokens: number): void {
    const nowMs = this.#clock.monotonicMs()
    this.#tokensPerCall += newestShare * (tokens - this.#tokensPerCall)
    this.#successesMs.push(nowMs)
    if (nowMs - this.#cutAtMs > syncEveryMs) this.#window = Math.min(this.#window + 1, widestWindow)
    const demand = Math.min(this.#window, this.#inFlight + this.#waiting.length)
    const isNews = isScarce(headers, demand) && !this.#isPaced(nowMs)
    if (isNews || nowMs - this.#toldAtMs > syncEveryMs) {
      this.#toldAtMs = nowMs
      this.#successesMs = this.#successesMs.filter((atMs) => atMs > nowMs - seenForMs)
      const isLimited = this.#isPaced(nowMs) || headers.requestsPerMinute !== null || headers.tokensPerMinute !== null
      this.#sync(isLimited ? (pace, atMs) => growPace(observeHeaders(pace, atMs, headers, demand), atMs) : null)
    }
    this.ended()
  }

  /** The provider refused the call for want of room, and perhaps asked for a wait. */
  refused(retryAfterMs: number): void {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs - this.#cutAtMs > syncEveryMs) {
      this.#cutAtMs = nowMs
      this.#window = Math.max(1, Math.floor(Math.min(this.#window, this.#inFlight) * cutTo))
    }
    const seen = this.#seenPerMinute(nowMs)
    // Slots that were taken at the pace that proved too fast.
    this.#slotsMs = []
    this.#sync((pace, atMs) => cutPace(pace, atMs, retryAfterMs, seen))
    this.ended()
  }

  /** The call ended in a way that says nothing about the room. */
  ended(): void {
    this.#inFlight -= 1
    this.#pump()
  }

  #pump(): void {
    for (;;) {
      const [first] = this.#waiting
      if (!first || this.#inFlight >= this.#window) return
      const nowMs = this.#clock.monotonicMs()
      if (this.#isPaced(nowMs)) {
        const [slotMs] = this.#slotsMs
        if (slotMs === undefined) return this.#takeSlots()
        if (slotMs > nowMs) return void this.#wakeAt(slotMs, nowMs)
        this.#slotsMs.shift()
      }
      this.#waiting.shift()
      first()
    }
  }

  #isPaced(nowMs: number): boolean {
    return isPaced(this.#pace, nowMs + this.#offsetMs)
  }

  #takeSlots(): void {
    if (this.#isTakingSlots) return
    this.#isTakingSlots = true
    const perMinute = this.#pace.requestsPerMinute ?? Number.POSITIVE_INFINITY
    const count = Math.max(1, Math.min(this.#waiting.length, Math.ceil((perMinute * aheadMs) / minuteMs)))
    let slots: number[] = []
    this.#sync(
      (pace, atMs) => {
        const taken = takeSlots(pace, atMs, count, this.#tokensPerCall)
        slots = taken.slotsMs
        return taken.pace
      },
      () => {
        this.#slotsMs.push(...slots.map((slotMs) => slotMs - this.#offsetMs))
        this.#isTakingSlots = false
      },
    )
  }

  /**
   * Changes the pace for all processes, and learns what the others made of it; null only looks.
   * While the database is away the change counts for this process alone: calls must be held back all the same.
   */
  #sync(change: ((pace: Pace, atMs: number) => Pace) | null, then?: () => void): void {
    const previous = this.#talk
    this.#talk = (async () => {
      await previous
      try {
        const seen = await (change ? this.#store.change(this.#model, change) : this.#store.read(this.#model))
        if (seen) {
          this.#offsetMs = seen.nowMs - this.#clock.monotonicMs()
          this.#pace = seen.pace
        }
      } catch {
        if (change) this.#pace = change(this.#pace, this.#clock.monotonicMs() + this.#offsetMs)
      }
      then?.()
      this.#pump()
    })()
  }

  async #wakeAt(atMs: number, nowMs: number): Promise<void> {
    if (this.#wakeAtMs <= atMs) return
    this.#wakeAtMs = atMs
    await this.#clock.sleep(atMs - nowMs)
    if (this.#wakeAtMs === atMs) this.#wakeAtMs = Number.POSITIVE_INFINITY
    this.#pump()
  }

  #seenPerMinute(nowMs: number): number {
    const seen = this.#successesMs.filter((atMs) => atMs > nowMs - seenForMs)
    const [first] = seen
    return first === undefined ? 0 : (seen.length * minuteMs) / Math.max(nowMs - first, syncEveryMs)
  }
}
