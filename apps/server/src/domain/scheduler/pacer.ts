import type { RateLimitState } from '@proctor/schema'
import type { Clock } from '../ports.ts'

/** How much faster each call that goes well makes the next ones come. */
const speedUp = 0.5
const slowDown = 1.5
/** A wait that is asked for is about one call's worth, unless it is so long that it is about many. */
const maxFirstSpacingMs = 1000
/** Spacing below this makes no difference any more. */
const minSpacingMs = 1
const lookAgainMs = 250

/**
 * Holds back the calls to one model while its provider says that there is no room. After a refusal, or
 * an answer whose headers say that nothing is left, calls go one by one with a space between them, so
 * that those who waited do not all come back at once; as calls go well, the space shrinks to nothing.
 */
export class Pacer {
  readonly #clock: Clock
  #blockedUntilMs = 0
  #lastAtMs = Number.NEGATIVE_INFINITY
  #spacingMs = 0
  readonly #waiting: object[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when a call may be made, in the order of asking. */
  async admit(signal: AbortSignal): Promise<void> {
    const ticket = {}
    this.#waiting.push(ticket)
    try {
      for (;;) {
        const nowMs = this.#clock.monotonicMs()
        const place = this.#waiting.indexOf(ticket) + 1
        const atMs = Math.max(this.#blockedUntilMs, this.#lastAtMs + place * this.#spacingMs)
        if (atMs <= nowMs) {
          this.#lastAtMs = nowMs
          return
        }
        // Not the whole way at once: the space may shrink meanwhile.
        await this.#clock.sleep(Math.min(atMs - nowMs, lookAgainMs), signal)
      }
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(ticket), 1)
    }
  }

  /** The provider refused a call and asked for a wait. */
  refused(waitMs: number): void {
    // Calls that were out together are refused together: that is one sign, not many.
    const isNews = this.#clock.monotonicMs() >= this.#blockedUntilMs
    if (isNews) this.#spacingMs = Math.max(this.#spacingMs * slowDown, Math.min(waitMs, maxFirstSpacingMs))
    this.#hold(waitMs)
  }

  /** The provider said how much room is left. */
  observe({ remainingRequests, remainingTokens, nextCallAfterMs }: RateLimitState): void {
    const isExhausted = remainingRequests === 0 || remainingTokens === 0
    if (isExhausted && nextCallAfterMs !== null) {
      this.#spacingMs = Math.max(this.#spacingMs, nextCallAfterMs)
      this.#hold(nextCallAfterMs)
    } else this.passed()
  }

  /** The provider had room for a call, whatever became of it. */
  passed(): void {
    this.#spacingMs = this.#spacingMs * speedUp < minSpacingMs ? 0 : this.#spacingMs * speedUp
  }

  #hold(waitMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, this.#clock.monotonicMs() + waitMs)
  }
}
