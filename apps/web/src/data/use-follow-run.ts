import { useThrottledValue } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import type { LiveRun } from './run-reducer.ts'
import { isMoving } from './run-status.ts'

const minRefreshMs = 3000

/** How often what is counted over all rows of a run is asked for again: the more rows, the dearer the count. */
export function refreshMs({ run }: LiveRun): number {
  return Math.max(minRefreshMs, (run?.progress.counts.total ?? 0) / 2)
}

/** Asks again when the run has moved on, at most every `everyMs`, and once more when it has come to rest. */
export function useFollowRun(live: LiveRun, everyMs: number, enabled: boolean, refetch: () => unknown): void {
  const seq = useThrottledValue(live.appliedSeq, everyMs)
  const moves = live.run !== null && isMoving(live.run.status)
  const standing = `${seq} ${moves}`
  const seen = useRef<string | null>(null)
  useEffect(() => {
    // The first answer is from now; the run as it was before the page knew it is no change.
    const isNews = seen.current !== null && seen.current !== standing
    if (seq > 0) seen.current = standing
    if (enabled && isNews) refetch()
  }, [standing, seq, enabled, refetch])
}
