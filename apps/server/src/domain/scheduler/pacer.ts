import type { Clock, RateLimitState } from '../ports.ts'

/**
 * Holds back the calls to one model while its provider says that there is no room: after a 429 until
 * the named moment, and after an answer whose headers say that nothing is left until the reset.
 */
export class Pacer {
  readonly #clock: Clock
  #blockedUntilMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when a call may be made. */
  async admit(signal: AbortSignal): Promise<void> {
    for (;;) {
      const waitMs = this.#blockedUntilMs - this.#clock.monotonicMs()
      if (waitMs <= 0) return
      await this.#clock.sleep(waitMs, signal)
    }
  }

  /** The provider refused a call and asked for a wait. */
  block(forMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, this.#clock.monotonicMs() + forMs)
  }

  /** The provider said how much room is left. */
  observe({ remainingRequests, remainingTokens, resetAfterMs }: RateLimitState): void {
    const exhausted = remainingRequests === 0 || remainingTokens === 0
    if (exhausted && resetAfterMs !== null) this.block(resetAfterMs)
  }
}
