import type { Attempt, CallSettings, Failure } from '@proctor/schema'
import { ProviderError } from '../domain/errors.ts'
import type { ChatProvider, ChatRequest, ChatResult, Clock, Random } from '../domain/ports.ts'
import { retryDelayMs } from '../domain/scheduler/retry-policy.ts'
import type { ModelLimiter } from './model-limiter.ts'

export interface CallDeps {
  provider: ChatProvider
  limiter: ModelLimiter
  clock: Clock
  random: Random
}

/** A call that went through, with the tries before it. */
export interface CompletedCall {
  result: ChatResult
  tries: Attempt[]
}

/** A call that failed for good, with all its tries. */
export class CallFailedError extends Error {
  readonly failure: Failure
  readonly tries: Attempt[]

  constructor(failure: Failure, tries: Attempt[]) {
    super(failure.message)
    this.name = 'CallFailedError'
    this.failure = failure
    this.tries = tries
  }
}

/**
 * The one way to call a model: kept within the provider's limits, retried with full jitter.
 *
 * @throws CallFailedError when it failed for good; AbortedError when the signal fired
 */
export async function callModel(
  { provider, limiter, clock, random }: CallDeps,
  request: ChatRequest,
  settings: Pick<CallSettings, 'timeoutMs' | 'maxAttempts'>,
  signal: AbortSignal,
  onText?: (delta: string) => void,
): Promise<CompletedCall> {
  const tries: Attempt[] = []
  for (;;) {
    await limiter.admit(signal)
    try {
      const options = { signal, timeoutMs: settings.timeoutMs, ...(onText ? { onText } : {}) }
      const result = await provider.chat(request, options)
      limiter.succeeded(result.rateLimit, result.usage.inputTokens + result.usage.outputTokens)
      return { result, tries }
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        limiter.ended()
        throw error
      }
      const { failure, retryAfterMs } = error
      const delayMs = failure.retryable
        ? retryDelayMs(countAttempts(tries, failure), settings.maxAttempts, retryAfterMs, random)
        : null
      tries.push({
        kind: failure.kind,
        message: failure.message,
        httpStatus: failure.httpStatus,
        waitedMs: Math.round(delayMs ?? 0),
      })
      if (failure.kind === 'rate-limited') limiter.refused(retryAfterMs ?? 0)
      else limiter.ended()
      if (delayMs === null) throw new CallFailedError(failure, tries)
      await clock.sleep(delayMs, signal)
    }
  }
}

/** A refusal for want of room says nothing about the call, so it counts for a quarter of an attempt. */
const rateLimitedPerAttempt = 4

function countAttempts(tries: readonly Attempt[], latest: Failure): number {
  const kinds = [...tries.map((entry) => entry.kind), latest.kind]
  const limited = kinds.filter((kind) => kind === 'rate-limited').length
  return Math.max(1, kinds.length - limited + Math.floor(limited / rateLimitedPerAttempt))
}
