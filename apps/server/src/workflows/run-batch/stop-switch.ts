import type { RunDriverStore } from '../../domain/run-ports.ts'
import { AbortedError } from '../../domain/errors.ts'

type Verdict = Parameters<RunDriverStore['finish']>[2]
type Cause = 'paused' | 'over-budget' | 'handed-back'

const verdicts: Record<Cause, Verdict> = {
  paused: { type: 'paused', reason: 'user', message: null },
  'over-budget': {
    type: 'paused',
    reason: 'over-budget',
    message: 'The next call could pass the budget. Raise the budget to go on.',
  },
  'handed-back': { type: 'handed-back' },
}

/** Whether and how a drive is to stop. The first cause stands. */
export class StopSwitch {
  #cause: Cause | null = null
  #error: unknown = null
  readonly #stopping = new AbortController()
  readonly #aborting = new AbortController()

  /** No new calls; those in flight end by themselves. */
  drain(cause: Cause): void {
    this.#cause ??= cause
    this.#stopping.abort()
  }

  /** No new calls, and those in flight are stopped. */
  abort(cause: Cause): void {
    this.drain(cause)
    this.#aborting.abort(new AbortedError())
  }

  /** Something broke: stop everything and let the drive throw it. */
  fail(error: unknown): void {
    this.#error ??= error
    this.abort('handed-back')
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Fires when no new calls are to be made. */
  get stopSignal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Fires when calls in flight are to be stopped. */
  get abortSignal(): AbortSignal {
    return this.#aborting.signal
  }

  get error(): unknown {
    return this.#error
  }

  get verdict(): Verdict {
    return this.#cause === null ? { type: 'done' } : verdicts[this.#cause]
  }
}
