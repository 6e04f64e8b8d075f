/**
 * A hard cap on what a run spends: a call is paid for in advance with the most that it could cost,
 * and settled with what it did cost. Spent plus reserved never passes the cap.
 */
export class Budget {
  #capMicros: number | null
  #spentMicros: number
  #reservedMicros = 0
  #waiting: (() => void)[] = []

  /** @param capMicros null for no cap */
  constructor(capMicros: number | null, spentMicros: number) {
    this.#capMicros = capMicros
    this.#spentMicros = spentMicros
  }

  get capMicros(): number | null {
    return this.#capMicros
  }

  get spentMicros(): number {
    return this.#spentMicros
  }

  get reservedMicros(): number {
    return this.#reservedMicros
  }

  /**
   * Reserves the most that a call can cost. While other calls are out, their refund may make room:
   * then it waits. False when the call could pass the cap with nothing else out.
   */
  async reserve(worstCaseMicros: number): Promise<boolean> {
    for (;;) {
      if (this.#capMicros === null || this.#spentMicros + this.#reservedMicros + worstCaseMicros <= this.#capMicros) {
        this.#reservedMicros += worstCaseMicros
        return true
      }
      if (this.#reservedMicros === 0) return false
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** Ends a reservation with what was really spent. */
  settle(reservedMicros: number, spentMicros: number): void {
    this.#reservedMicros -= reservedMicros
    this.#spentMicros += spentMicros
    this.#wake()
  }

  /** The user changed the cap. */
  setCap(capMicros: number | null): void {
    this.#capMicros = capMicros
    this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
