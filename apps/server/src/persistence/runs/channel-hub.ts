import type { Database } from '../database.ts'

/** One LISTEN for a channel whose payloads are run ids, shared by all who wait for a run. */
export class ChannelHub {
  readonly #callbacks = new Map<string, Set<() => void>>()
  #notifications = 0

  static async open(database: Database, channel: string): Promise<ChannelHub> {
    const hub = new ChannelHub()
    await database.listen(channel, (runId) => hub.#tell(runId))
    return hub
  }

  /** Calls back on news of the run. Returns a way to stop. */
  on(runId: string, callback: () => void): () => void {
    let callbacks = this.#callbacks.get(runId)
    if (!callbacks) this.#callbacks.set(runId, (callbacks = new Set()))
    callbacks.add(callback)
    return () => {
      callbacks.delete(callback)
      if (callbacks.size === 0 && this.#callbacks.get(runId) === callbacks) this.#callbacks.delete(runId)
    }
  }

  /** How many notifications have arrived: what was read before this changed may be stale. */
  get notifications(): number {
    return this.#notifications
  }

  /** An empty payload means that notifications may have been lost: everybody looks. */
  #tell(runId: string): void {
    this.#notifications += 1
    const sets = runId === '' ? [...this.#callbacks.values()] : [this.#callbacks.get(runId) ?? []]
    for (const callbacks of sets) for (const callback of callbacks) callback()
  }
}
