import type { ReplyEvent } from '@proctor/schema'

type ReplyEnd = Extract<ReplyEvent, { type: 'done' | 'stopped' | 'failed' }>

/** A reply while it is written, for any number of readers who come at any time. */
export class LiveReply {
  readonly #stop = new AbortController()
  readonly #readers = new Set<() => void>()
  #text = ''
  #end: ReplyEnd | null = null

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  get text(): string {
    return this.#text
  }

  stop(): void {
    this.#stop.abort()
  }

  write(text: string): void {
    this.#text += text
    this.#wake()
  }

  finish(end: ReplyEnd): void {
    this.#end = end
    this.#wake()
  }

  /** What was written so far, then what is written, then how it ended. */
  async *read(signal: AbortSignal): AsyncGenerator<ReplyEvent, void, undefined> {
    let seen = 0
    while (!signal.aborted) {
      if (this.#text.length > seen) {
        const text = this.#text.slice(seen)
        // Whatever comes while the reader is busy goes out as one piece the next time.
        yield { type: 'text', offset: seen, text }
        seen += text.length
      } else if (this.#end) {
        yield this.#end
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
