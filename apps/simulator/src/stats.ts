import type { ReplyKind } from './call.ts'

type CallKind = ReplyKind | 'unanswered'

export interface ModelStats {
  calls: number
  /** Calls by what was answered; "unanswered" counts those that got an error or hung. */
  kinds: Partial<Record<CallKind, number>>
  promptTokens: number
  completionTokens: number
  inFlight: number
  peakInFlight: number
}

export interface Stats {
  calls: number
  byModel: Record<string, ModelStats>
  inFlight: number
  peakInFlight: number
  /** Answers with status 429. */
  rateLimited: number
  /** Error answers by status, 429 included. */
  errors: Record<string, number>
  malformed: number
  refused: number
  reset: number
  hung: number
  /** Calls whose client went away before the answer was complete. */
  aborted: number
}

function emptyStats(): Stats {
  return {
    calls: 0,
    byModel: {},
    inFlight: 0,
    peakInFlight: 0,
    rateLimited: 0,
    errors: {},
    malformed: 0,
    refused: 0,
    reset: 0,
    hung: 0,
    aborted: 0,
  }
}

/** Counts what happens to the calls. */
export class StatsCounter {
  #stats = emptyStats()

  /** Begin a call; the returned function ends it, once. */
  begin(model: string): () => void {
    const stats = this.#stats
    const own = (stats.byModel[model] ??= {
      calls: 0,
      kinds: {},
      promptTokens: 0,
      completionTokens: 0,
      inFlight: 0,
      peakInFlight: 0,
    })
    for (const counter of [stats, own]) {
      counter.calls += 1
      counter.inFlight += 1
      counter.peakInFlight = Math.max(counter.peakInFlight, counter.inFlight)
    }
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      stats.inFlight -= 1
      own.inFlight -= 1
    }
  }

  /** Count what a begun call was answered with. */
  answered(model: string, kind: CallKind, promptTokens = 0, completionTokens = 0): void {
    const own = this.#stats.byModel[model]
    if (!own) return
    own.kinds[kind] = (own.kinds[kind] ?? 0) + 1
    own.promptTokens += promptTokens
    own.completionTokens += completionTokens
  }

  error(status: number): void {
    this.#stats.errors[status] = (this.#stats.errors[status] ?? 0) + 1
    if (status === 429) this.#stats.rateLimited += 1
  }

  count(event: 'malformed' | 'refused' | 'reset' | 'hung' | 'aborted'): void {
    this.#stats[event] += 1
  }

  /** A copy that later calls do not change. */
  snapshot(): Stats {
    return structuredClone(this.#stats)
  }

  /** Begin again from zero; calls in flight are no longer counted. */
  clear(): void {
    this.#stats = emptyStats()
  }
}
