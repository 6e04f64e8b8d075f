import type { RunUpdate } from '@proctor/schema'
import type { EventLog, RunStore } from '../domain/run-ports.ts'
import { mustFindRun } from './must-find.ts'

const readLimit = 500

/**
 * A run, live: listens first, then replays what the subscriber has not seen, then follows the tail,
 * so nothing is missed between replay and tail and nothing is sent twice.
 *
 * @param afterSeq number of the last event that the subscriber has; null asks for a snapshot first
 * @throws UserError when there is no such run
 */
export async function* watchRun(
  { runs, events }: { runs: RunStore; events: EventLog },
  runId: string,
  afterSeq: number | null,
  signal: AbortSignal,
): AsyncGenerator<RunUpdate, void, undefined> {
  let hasNews = false
  let wake = () => {}
  const onNews = () => {
    hasNews = true
    wake()
  }
  const stopListening = events.onNews(runId, onNews)
  signal.addEventListener('abort', onNews)
  try {
    const run = await mustFindRun(runs, runId)
    // A number from the future belongs to another database (restored, or reset): start afresh.
    let seq = afterSeq !== null && afterSeq <= run.lastEventSeq ? afterSeq : null
    if (seq === null) {
      yield { kind: 'snapshot', run }
      seq = run.lastEventSeq
    }
    while (!signal.aborted) {
      hasNews = false
      const batch = await events.read(runId, seq, readLimit)
      for (const event of batch) {
        yield { kind: 'event', event }
        seq = event.seq
      }
      if (batch.length === readLimit) continue
      if (!hasNews && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    stopListening()
    signal.removeEventListener('abort', onNews)
  }
}
