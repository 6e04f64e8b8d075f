import { setTimeout as sleep } from 'node:timers/promises'
import { AbortedError } from './domain/errors.ts'
import type { Clock } from './domain/ports.ts'

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      if (signal?.aborted) throw new AbortedError()
      throw error
    }
  },
}
