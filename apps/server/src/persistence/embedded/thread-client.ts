import { Worker } from 'node:worker_threads'
import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import type { Call, FromThread, Methods, SentError, ThreadData, ToThread } from './protocol.ts'

interface Waiting {
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

/** The embedded database in its thread, as the rest of the process calls it. */
export class ThreadClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<string, Set<(payload: string) => void>>()
  #lastId = 0
  #gone: Error | null = null

  /** @throws what PGlite throws when it cannot open the folder */
  static async start(data: ThreadData): Promise<ThreadClient> {
    const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData: data })
    const client = new ThreadClient(worker)
    await new Promise<void>((resolve, reject) => {
      worker.on('message', ({ type }: FromThread) => type === 'ready' && resolve())
      worker.once('error', reject)
    })
    return client
  }

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (message: FromThread) => this.#receive(message))
    worker.on('error', (error) => this.#giveUp(error as Error))
    worker.once('exit', () => this.#giveUp(new Error('The embedded database has stopped.')))
  }

  call<M extends keyof Methods>(method: M, ...args: Parameters<Methods[M]>): ReturnType<Methods[M]> {
    const answer = new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#gone)
      this.#lastId += 1
      this.#waiting.set(this.#lastId, { resolve, reject })
      const call: Call = { method, args }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      this.#worker.postMessage({ id: this.#lastId, call } satisfies ToThread)
    })
    return answer as ReturnType<Methods[M]>
  }

  /** Calls back with the payload of each NOTIFY on the channel. Returns a way to stop. */
  async listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    let callbacks = this.#listeners.get(channel)
    if (!callbacks) {
      this.#listeners.set(channel, (callbacks = new Set()))
      await this.call('listen', channel)
    }
    callbacks.add(callback)
    return () => {
      callbacks.delete(callback)
      return Promise.resolve()
    }
  }

  async close(): Promise<void> {
    if (this.#gone) return
    await this.call('close')
    await this.#worker.terminate()
  }

  #receive(message: FromThread): void {
    if (message.type === 'notified') {
      for (const callback of this.#listeners.get(message.channel) ?? []) callback(message.payload)
    } else if (message.type !== 'ready') {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.type === 'result') waiting?.resolve(message.result)
      else waiting?.reject(toError(message.error))
    }
  }

  #giveUp(error: Error): void {
    this.#gone ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#gone)
    this.#waiting.clear()
  }
}

function toError(sent: SentError): Error {
  if ('adapter' in sent) return new DriverAdapterError(sent.adapter)
  const error = Object.assign(new Error(sent.message), sent.rest)
  if (sent.stack !== undefined) error.stack = sent.stack
  return error
}
