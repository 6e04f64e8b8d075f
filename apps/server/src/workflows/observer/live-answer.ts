import type { AsOf, ObserverEntry, ObserverEvent, ObserverStep } from '@proctor/schema'

/** An answer while it is written, with its steps, for any number of readers who come at any time. */
export class LiveAnswer {
  readonly #stop = new AbortController()
  readonly #readers = new Set<() => void>()
  readonly #model: string | null
  #asOf: AsOf | null = null
  readonly #steps: ObserverStep[] = []
  #text = ''
  #entry: ObserverEntry | null = null
  #isOver = false
  /** Where the text was taken back to, each time that a call broke off and was made again. */
  readonly #rewinds: number[] = []

  constructor(model: string | null) {
    this.#model = model
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  get text(): string {
    return this.#text
  }

  get steps(): readonly ObserverStep[] {
    return this.#steps
  }

  stop(): void {
    this.#stop.abort()
  }

  begin(asOf: AsOf): void {
    this.#asOf = asOf
    this.#wake()
  }

  addStep(step: ObserverStep): void {
    this.#steps.push(step)
    this.#wake()
  }

  write(text: string): void {
    this.#text += text
    this.#wake()
  }

  /** Takes back what a broken call has written. */
  rewind(length: number): void {
    if (this.#text.length === length) return
    this.#text = this.#text.slice(0, length)
    this.#rewinds.push(length)
    this.#wake()
  }

  /** @param entry as it was stored; null when nothing was */
  finish(entry: ObserverEntry | null): void {
    this.#entry = entry
    this.#isOver = true
    this.#wake()
  }

  /** What happened so far, then what happens, then how it ended. */
  async *read(signal: AbortSignal): AsyncGenerator<ObserverEvent, void, undefined> {
    let hasBegun = false
    let steps = 0
    let seen = 0
    let rewinds = this.#rewinds.length
    while (!signal.aborted) {
      const step = this.#steps[steps]
      if (!hasBegun && this.#asOf) {
        hasBegun = true
        yield { type: 'started', asOf: this.#asOf, model: this.#model }
      } else if (step) {
        yield { type: 'step', index: steps, step }
        steps += 1
      } else if (this.#rewinds.length > rewinds) {
        seen = Math.min(seen, ...this.#rewinds.slice(rewinds))
        rewinds = this.#rewinds.length
        yield { type: 'text', offset: seen, text: '' }
      } else if (this.#text.length > seen) {
        const text = this.#text.slice(seen)
        yield { type: 'text', offset: seen, text }
        seen += text.length
      } else if (this.#isOver) {
        yield this.#entry ? { type: 'done', entry: this.#entry } : { type: 'idle' }
        return
      } else await this.#news(signal)
    }
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#readers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#readers.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  #wake(): void {
    for (const wake of this.#readers) wake()
  }
}
