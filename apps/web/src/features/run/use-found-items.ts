import { maxPageSize, type Item, type ItemSort } from '@proctor/schema'
import { useEffect, useMemo, useState } from 'react'
import type { LiveRun } from '../../data/run-reducer.ts'
import { trpc } from '../../data/trpc.ts'
import { toFilterInput, type ItemFilter } from './item-filter.ts'

export interface FoundItems {
  ids: readonly string[]
  items: ReadonlyMap<string, Item>
  hasMore: boolean
  loadMore: () => void
  isSearching: boolean
  error: unknown
  /** The run has moved on since the search. */
  isOutdated: boolean
  refresh: () => void
}

/** Rows filtered and sorted on the server, page by page: for runs with more rows than the page loads. */
export function useFoundItems(
  runId: string,
  filter: ItemFilter,
  sort: ItemSort | null,
  live: LiveRun,
  putItems: (items: readonly Item[]) => void,
  enabled: boolean,
): FoundItems {
  const query = trpc.batch.items.useInfiniteQuery(
    { runId, limit: maxPageSize / 5, ...toFilterInput(filter), ...(sort ? { sort } : {}) },
    {
      enabled,
      getNextPageParam: (page) => page.nextCursor,
      // The reader refreshes; rows must not change places by themselves.
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
    },
  )
  const { data, fetchNextPage, refetch, hasNextPage, isFetching } = query
  // A row that moves on between two pages can be on both.
  const items = useMemo(
    () => new Map(enabled ? data?.pages.flatMap((page) => page.items).map((item) => [item.id, item]) : []),
    [data, enabled],
  )
  const ids = useMemo(() => [...items.keys()], [items])
  // From here on their events change them like the loaded ones.
  useEffect(() => putItems([...items.values()]), [items, putItems])

  const [seen, setSeen] = useState({ data, seq: live.appliedSeq })
  if (seen.data !== data) setSeen({ data, seq: live.appliedSeq })
  return {
    ids,
    items,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage()
    },
    isSearching: enabled && isFetching,
    error: enabled ? query.error : null,
    isOutdated: enabled && data !== undefined && live.appliedSeq > seen.seq,
    refresh: () => void refetch(),
  }
}
