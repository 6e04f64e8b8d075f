/** A token bucket as it stands: what providers put into their rate limit headers. */
export interface BucketState {
  limit: number
  remaining: number
  /** Milliseconds until the bucket is full again. */
  resetMs: number
}

interface LimitState {
  requests: BucketState | null
  tokens: BucketState | null
}

export interface Admission extends LimitState {
  /** Null when the call is admitted, otherwise the limit that stopped it. */
  stoppedBy: 'requests' | 'tokens' | null
  /** Milliseconds until this very call would be admitted; 0 when it is. */
  retryAfterMs: number
}

const minuteMs = 60_000

/**
 * Token bucket: it holds a minute's allowance (or less, to forbid bursts) and refills evenly, as both providers
 * document theirs. A full bucket lets all that it holds through at once, and then limit/60 a second.
 */
class Bucket {
  readonly limit: number
  readonly #capacity: number
  #level: number
  #updatedAt: number
  constructor(limit: number, burstSeconds: number, now: number) {
    this.limit = limit
    this.#capacity = Math.max(1, (limit * burstSeconds) / 60)
    this.#level = this.#capacity
    this.#updatedAt = now
  }

  refill(now: number): void {
    this.#level = Math.min(this.#capacity, this.#level + ((now - this.#updatedAt) * this.limit) / minuteMs)
    this.#updatedAt = now
  }

  /** Milliseconds until the amount is there; an amount above what it holds needs a full bucket. */
  waitFor(amount: number): number {
    const missing = Math.min(amount, this.#capacity) - this.#level
    // Tolerates rounding, so that waiting exactly as long as was said is enough.
    return missing <= 1e-6 ? 0 : (missing * minuteMs) / this.limit
  }

  take(amount: number): void {
    this.#level -= amount
  }

  state(): BucketState {
    return {
      limit: this.limit,
      remaining: Math.max(0, Math.floor(this.#level + 1e-6)),
      resetMs: ((this.#capacity - this.#level) * minuteMs) / this.limit,
    }
  }
}

interface ModelBuckets {
  requests: Bucket | null
  tokens: Bucket | null
}

/** The rate limits of every model; calls that are turned away use nothing up. */
export class Limits {
  readonly #rpm: number
  readonly #tpm: number
  readonly #burstSeconds: number
  readonly #models = new Map<string, ModelBuckets>()
  constructor(rpm: number, tpm: number, burstSeconds: number) {
    this.#burstSeconds = burstSeconds
    this.#rpm = rpm
    this.#tpm = tpm
  }

  /** Admits a call of so many tokens, or says how long to wait. */
  admit(model: string, tokens: number, now: number): Admission {
    if (this.#rpm === 0 && this.#tpm === 0) return unlimited
    const buckets = this.#bucketsOf(model, now)
    buckets.requests?.refill(now)
    buckets.tokens?.refill(now)
    const requestWait = buckets.requests?.waitFor(1) ?? 0
    const tokenWait = buckets.tokens?.waitFor(tokens) ?? 0
    const isAdmitted = requestWait === 0 && tokenWait === 0
    if (isAdmitted) {
      buckets.requests?.take(1)
      buckets.tokens?.take(tokens)
    }
    return {
      requests: buckets.requests?.state() ?? null,
      tokens: buckets.tokens?.state() ?? null,
      stoppedBy: isAdmitted ? null : requestWait >= tokenWait ? 'requests' : 'tokens',
      retryAfterMs: Math.max(requestWait, tokenWait),
    }
  }

  #bucketsOf(model: string, now: number): ModelBuckets {
    const known = this.#models.get(model)
    if (known) return known
    const buckets = {
      requests: this.#rpm > 0 ? new Bucket(this.#rpm, this.#burstSeconds, now) : null,
      tokens: this.#tpm > 0 ? new Bucket(this.#tpm, this.#burstSeconds, now) : null,
    }
    this.#models.set(model, buckets)
    return buckets
  }
}

const unlimited: Admission = { requests: null, tokens: null, stoppedBy: null, retryAfterMs: 0 }
