import { maxLoadedItems, type LiveRun } from '../../data/run-reducer.ts'
import { formatCount } from '../../ui/count.ts'
import { isFiltering, type ItemFilter } from './item-filter.ts'
import type { RunRows } from './use-run-rows.ts'

/** How many rows there are, how many of them are on show, and what is still being looked for. */
export function ItemCount({
  live,
  list: { rows, leftIds, found, isSearching },
  isComplete,
  filter,
}: {
  live: LiveRun
  list: RunRows
  /** All rows that the page loads are there. */
  isComplete: boolean
  filter: ItemFilter
}) {
  const total = live.run?.progress.counts.total ?? 0
  const fitting = rows.length - leftIds.size
  const parts = []
  if (found) parts.push(`${formatCount(fitting)}${found.hasMore ? ' or more' : ''} of ${formatCount(total)} items`)
  else if (isFiltering(filter)) parts.push(`${formatCount(fitting)} of ${formatCount(total)} items`)
  else parts.push(`${formatCount(total)} items`)
  if (isSearching) parts.push(filter.text === '' ? 'searching' : 'searching whole texts')
  if (!isComplete && !found) parts.push(`${formatCount(live.order.length)} loaded`)
  if (isComplete && !found && total > maxLoadedItems)
    parts.push(`the first ${formatCount(maxLoadedItems)} are listed; filter or sort to reach the others`)
  return <>{parts.join(', ')}</>
}
