import type { ErrorCode, Failure, FailureKind } from '@proctor/schema'

/**
 * Something the user can mend: raised before anything is written or paid.
 * Routers turn it into a typed error answer; any other error is a fault of ours.
 */
export class UserError extends Error {
  readonly code: ErrorCode
  readonly field: string | null
  readonly mend: string

  constructor(code: ErrorCode, details: { field?: string; message: string; mend: string }) {
    super(details.message)
    this.name = 'UserError'
    this.code = code
    this.field = details.field ?? null
    this.mend = details.mend
  }
}

/** A provider call that failed, with all that the engine needs to decide what to do next. */
export class ProviderError extends Error {
  readonly failure: Failure
  /** How long the provider asked us to wait, if it said so. */
  readonly retryAfterMs: number | null

  constructor(failure: Failure, retryAfterMs: number | null = null, options?: ErrorOptions) {
    super(failure.message, options)
    this.name = 'ProviderError'
    this.failure = failure
    this.retryAfterMs = retryAfterMs
  }

  get kind(): FailureKind {
    return this.failure.kind
  }

  get isRetryable(): boolean {
    return this.failure.retryable
  }
}

/** The call was stopped by us (cancel, pause, shutdown): neither a success nor a failure. */
export class AbortedError extends Error {
  constructor(message = 'The call was stopped.') {
    super(message)
    this.name = 'AbortedError'
  }
}

/** Another worker drives the run now: this one must stop writing at once. */
export class LeaseLostError extends Error {
  constructor(runId: string) {
    super(`The lease of run ${runId} was taken over by another worker.`)
    this.name = 'LeaseLostError'
  }
}
