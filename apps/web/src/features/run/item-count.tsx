import { maxLoadedItems, type LiveRun } from '../../data/run-reducer.ts'
import { formatCount } from '../../ui/count.ts'
import type { RunRows } from './use-run-rows.ts'

/** How many rows there are, how many of them are on show, and what is still being looked for. */
export function ItemCount({
  live,
  list: { rows, found, isSearching },
  isComplete,
  isFiltered,
}: {
  live: LiveRun
  list: RunRows
  /** All rows that the page loads are there. */
  isComplete: boolean
  isFiltered: boolean
}) {
  const total = live.run?.progress.counts.total ?? 0
  const parts = []
  if (found) parts.push(`${formatCount(rows.length)}${found.hasMore ? ' or more' : ''} of ${formatCount(total)} items`)
  else if (isFiltered) parts.push(`${formatCount(rows.length)} of ${formatCount(total)} items`)
  else parts.push(`${formatCount(total)} items`)
  if (isSearching) parts.push('searching whole texts')
  if (!isComplete && !found) parts.push(`${formatCount(live.order.length)} loaded`)
  if (isComplete && !found && total > maxLoadedItems)
    parts.push(`the first ${formatCount(maxLoadedItems)} are listed; filter or sort to reach the others`)
  return <>{parts.join(', ')}</>
}
