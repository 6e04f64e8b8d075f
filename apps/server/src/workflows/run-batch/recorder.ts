import { LeaseLostError } from '../../domain/errors.ts'
import type { Clock } from '../../domain/ports.ts'
import type { Outcome } from '../../domain/run-ports.ts'

const maxGroupSize = 64
const gatherMs = 3
/** The database may be away for a while; the answers in hand are paid for, so writing is tried this long. */
const giveUpAfterMs = 60_000
const retryEveryMs = 500

interface Waiting {
  outcome: Outcome
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * Writes outcomes in groups: the first waits a few milliseconds for company, and while a group is
 * being written the next one gathers. One group at a time, so events keep the order of arrival.
 */
export class Recorder {
  readonly #write: (outcomes: Outcome[]) => Promise<void>
  readonly #clock: Clock
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(write: (outcomes: Outcome[]) => Promise<void>, clock: Clock) {
    this.#write = write
    this.#clock = clock
  }

  /** Resolves once the outcome is committed; rejects when it cannot be written. */
  record(outcome: Outcome): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ outcome, resolve, reject })
      this.#running ??= this.#drain()
    })
  }

  /** Resolves when all that was recorded so far is written (or has failed). */
  async flush(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    if (this.#waiting.length < maxGroupSize) await this.#clock.sleep(gatherMs)
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, maxGroupSize)
      try {
        await this.#writePatiently(group.map((entry) => entry.outcome))
        for (const entry of group) entry.resolve()
      } catch (error) {
        for (const entry of group) entry.reject(error)
      }
    }
    this.#running = null
  }

  async #writePatiently(outcomes: Outcome[]): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + giveUpAfterMs
    for (;;) {
      try {
        return await this.#write(outcomes)
      } catch (error) {
        // Writing again is safe: what was stored already is dropped by the item's state.
        if (error instanceof LeaseLostError || this.#clock.monotonicMs() > deadlineMs) throw error
        await this.#clock.sleep(retryEveryMs)
      }
    }
  }
}
