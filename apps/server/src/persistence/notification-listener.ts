import { Client } from 'pg'

const reconnectAfterMs = 500

type Callback = (payload: string) => void

/**
 * LISTEN on one connection of its own that comes back by itself. What was notified while it was away
 * is lost, so after each reconnect every callback is called once with an empty payload.
 */
export class NotificationListener {
  readonly #url: string
  readonly #callbacks = new Map<string, Set<Callback>>()
  #client: Promise<Client> | null = null
  #closed = false

  constructor(url: string) {
    this.#url = url
  }

  async listen(channel: string, callback: Callback): Promise<() => Promise<void>> {
    let callbacks = this.#callbacks.get(channel)
    if (!callbacks) this.#callbacks.set(channel, (callbacks = new Set()))
    callbacks.add(callback)
    try {
      this.#client ??= this.#connectFirst()
      const client = await this.#client
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
    } catch (error) {
      callbacks.delete(callback)
      throw error
    }
    return () => {
      callbacks.delete(callback)
      return Promise.resolve()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = await this.#client?.catch(() => null)
    await client?.end()
  }

  /** Nothing keeps trying before there was a connection: after a failure the next caller tries anew. */
  async #connectFirst(): Promise<Client> {
    try {
      return await this.#connect()
    } catch (error) {
      this.#client = null
      throw error
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({ connectionString: this.#url, keepAlive: true })
    client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''))
    // A lost connection ends in 'end', with or without an 'error' before it.
    client.on('error', () => {})
    await client.connect()
    for (const channel of this.#callbacks.keys()) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
    client.once('end', () => void this.#reconnect())
    return client
  }

  async #reconnect(): Promise<void> {
    while (!this.#closed) {
      const attempt = this.#connect()
      this.#client = attempt
      try {
        await attempt
        for (const channel of this.#callbacks.keys()) this.#tell(channel, '')
        return
      } catch {
        // The server is still away: that is what this loop waits for.
        await new Promise((resolve) => setTimeout(resolve, reconnectAfterMs))
      }
    }
  }

  #tell(channel: string, payload: string): void {
    for (const callback of this.#callbacks.get(channel) ?? []) callback(payload)
  }
}
