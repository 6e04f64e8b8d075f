import type { RunDetail } from '@proctor/schema'
import { doneOf, type RunFacts } from './facts.ts'

/** A pace over less than this is chance. */
const leastSeconds = 2

/** Seconds until every item is done at the pace of the last moments; null when the run stands or is too young. */
export function secondsLeft(run: RunDetail, earlier: RunFacts['earlier'], now: Date): number | null {
  if (run.status !== 'running' || !earlier) return null
  const done = doneOf(run.progress)
  const seconds = (now.getTime() - Date.parse(earlier.at)) / 1000
  const fresh = done - earlier.done
  if (fresh <= 0 || seconds < leastSeconds) return null
  return ((run.progress.counts.total - done) * seconds) / fresh
}
