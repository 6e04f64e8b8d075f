import { useThrottledValue } from '@mantine/hooks'
import type { Item, ItemSort } from '@proctor/schema'
import { useMemo, useState } from 'react'
import { maxLoadedItems, type LiveRun } from '../../data/run-reducer.ts'
import type { RunStream, RunStreamState } from '../../data/run-stream.ts'
import { freeze, waitingRows, waitingText, type Frozen } from './freeze-rows.ts'
import { fits, isFiltering, type ItemFilter, type ServerMatches } from './item-filter.ts'
import { sortItems } from './item-sort.ts'
import { useFoundItems, type FoundItems } from './use-found-items.ts'
import { useItemSearch } from './use-item-search.ts'

/** How often what waits behind a list is counted again. */
const recountMs = 500

export interface RunRows {
  rows: readonly Item[]
  /** Ids of rows that do not fit any more and stay until the reader takes the changes in. */
  leftIds: ReadonlySet<string>
  /** What the button that takes changes in says, or null. */
  waiting: string | null
  takeIn: () => void
  /** Whole texts are being searched on the server. */
  isSearching: boolean
  searchError: unknown
  /** Set while the server filters and sorts, because the run has more rows than the page loads. */
  found: FoundItems | null
}

/** The rows of the table: filtered and sorted, and held still while a live run changes behind them. */
export function useRunRows(
  runId: string,
  { live, loadedThrough, itemsComplete, putItems }: RunStreamState & Pick<RunStream, 'putItems'>,
  filter: ItemFilter,
  sort: ItemSort | null,
): RunRows {
  const total = live.run?.progress.counts.total ?? 0
  const isArranged = isFiltering(filter) || sort !== null
  const isBig = total > maxLoadedItems
  const byServer = isBig && isArranged

  const search = useItemSearch(runId, filter, live, isArranged && !isBig)
  const found = useFoundItems(runId, filter, sort, live, putItems, byServer)

  // Counting what waits need not keep up with every frame; the rows themselves do, and those just loaded.
  const sampled = useThrottledValue(live, recountMs)
  const source = isArranged && sampled.order.length === live.order.length ? sampled : live
  const through = itemsComplete && !isBig ? Number.POSITIVE_INFINITY : loadedThrough
  const foundIds = found.ids
  const wanted = useMemo(
    () => (byServer ? foundIds : wantedIds(source, through, filter, sort, search.matches)),
    [byServer, foundIds, source, through, filter, sort, search.matches],
  )

  // While rows and finds come in for the first time there is nothing to hold still.
  const isSettled = itemsComplete && !search.isPending
  const isHeld = isArranged && isSettled && !byServer
  const key = JSON.stringify([filter, sort])
  const [frozen, setFrozen] = useState<Frozen>({ key: '', ids: [] })
  const next = isHeld ? freeze(frozen, key, wanted) : frozen
  if (next !== frozen) setFrozen(next)
  const ids = isHeld ? next.ids : wanted

  const { items } = live
  const foundItems = found.items
  const rows = useMemo(() => ids.flatMap((id) => items.get(id) ?? foundItems.get(id) ?? []), [ids, items, foundItems])
  const waiting = useMemo(() => waitingRows(ids, wanted), [ids, wanted])
  const text = isHeld ? waitingText(waiting) : null
  return {
    rows,
    leftIds: waiting.left,
    waiting: byServer && found.isOutdated ? 'Search again' : text,
    takeIn: () =>
      byServer ? found.refresh() : setFrozen({ key, ids: wantedIds(live, through, filter, sort, search.matches) }),
    isSearching: byServer ? found.isSearching : search.isSearching,
    searchError: byServer ? found.error : search.error,
    found: byServer ? found : null,
  }
}

/**
 * Ids of the rows that fit, in order. Rows that an event brought before their page was loaded are held back,
 * so that rows are only ever added at the end.
 */
export function wantedIds(
  live: Pick<LiveRun, 'order' | 'items'>,
  loadedThrough: number,
  filter: ItemFilter,
  sort: ItemSort | null,
  matches: ServerMatches,
): string[] {
  const fitting: Item[] = []
  for (const id of live.order) {
    const item = live.items.get(id)
    if (!item || item.position > loadedThrough) break
    if (fits(item, filter, matches)) fitting.push(item)
  }
  return (sort ? sortItems(fitting, sort) : fitting).map(({ id }) => id)
}
