import { AbortedError } from '../../domain/errors.ts'
import type { JobQueue } from '../../domain/run-ports.ts'
import { driveRun, type DriveDeps } from './drive-run.ts'

/** How often to look for runs whose driver died or whose job got lost. */
const sweepEveryMs = 1000
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
  readonly #draining = new AbortController()
  readonly #aborting = new AbortController()
  #sweeping: Promise<void> = Promise.resolve()

  constructor(deps: WorkerDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    await this.#deps.jobs.workRuns((runId) => Promise.resolve(this.#drive(runId)))
    this.#sweeping = this.#sweepForever()
  }

  /**
   * No new calls; resolves when those in flight have ended and every run is handed back.
   * @param graceMs calls that take longer are stopped, and their items are pending again
   */
  async stop(graceMs: number): Promise<void> {
    this.#draining.abort()
    const timer = setTimeout(() => this.#aborting.abort(), graceMs)
    try {
      await this.#sweeping
      await Promise.all(this.#drives.values())
    } finally {
      clearTimeout(timer)
    }
  }

  #drive(runId: string): void {
    if (this.#draining.signal.aborted || this.#drives.has(runId) || this.#drives.size >= maxRunsAtOnce) return
    const shutdown = { drain: this.#draining.signal, abort: this.#aborting.signal }
    const drive = driveRun(this.#deps, runId, shutdown)
      .catch((error: unknown) => this.#deps.onError(runId, error))
      .finally(() => this.#drives.delete(runId))
    this.#drives.set(runId, drive)
  }

  async #sweepForever(): Promise<void> {
    const { store, clock, onError } = this.#deps
    while (!this.#draining.signal.aborted) {
      try {
        for (const runId of await store.abandonedRuns(maxRunsAtOnce)) this.#drive(runId)
      } catch (error) {
        onError('(sweep)', error)
      }
      try {
        await clock.sleep(sweepEveryMs, this.#draining.signal)
      } catch (error) {
        if (!(error instanceof AbortedError)) throw error
      }
    }
  }
}
