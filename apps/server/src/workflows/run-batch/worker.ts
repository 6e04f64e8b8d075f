import { AbortedError } from '../../domain/errors.ts'
import type { JobQueue } from '../../domain/run-ports.ts'
import { driveRun, type DriveDeps } from './drive-run.ts'

/** How often to look for runs whose driver died or whose job got lost. */
const sweepEveryMs = 2000
const maxRunsAtOnce = 16

export interface WorkerDeps extends DriveDeps {
  jobs: JobQueue
  /** A drive that broke; the run stays in the database and is driven again after its lease. */
  onError: (runId: string, error: unknown) => void
}

/** Drives runs in this process until it is stopped. */
export class Worker {
  readonly #deps: WorkerDeps
  readonly #drives = new Map<string, Promise<void>>()
  readonly #shutdown = new AbortController()
  #sweeping: Promise<void> = Promise.resolve()

  constructor(deps: WorkerDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    await this.#deps.jobs.workRuns((runId) => Promise.resolve(this.#drive(runId)))
    this.#sweeping = this.#sweepForever()
  }

  /** No new calls; resolves when those in flight have ended and every run is handed back. */
  async stop(): Promise<void> {
    this.#shutdown.abort()
    await this.#sweeping
    await Promise.all(this.#drives.values())
  }

  #drive(runId: string): void {
    if (this.#shutdown.signal.aborted || this.#drives.has(runId) || this.#drives.size >= maxRunsAtOnce) return
    const drive = driveRun(this.#deps, runId, this.#shutdown.signal)
      .catch((error: unknown) => this.#deps.onError(runId, error))
      .finally(() => this.#drives.delete(runId))
    this.#drives.set(runId, drive)
  }

  async #sweepForever(): Promise<void> {
    const { store, clock, onError } = this.#deps
    while (!this.#shutdown.signal.aborted) {
      try {
        for (const runId of await store.abandonedRuns(maxRunsAtOnce)) this.#drive(runId)
      } catch (error) {
        onError('(sweep)', error)
      }
      try {
        await clock.sleep(sweepEveryMs, this.#shutdown.signal)
      } catch (error) {
        if (!(error instanceof AbortedError)) throw error
      }
    }
  }
}
