import { useEffect } from 'react'
import { trpc } from '../../data/trpc.ts'

const pageSize = 500

/** Every case of a version, page after page; versions never change, so they are read once. */
export function useCases(versionId: string) {
  const query = trpc.batch.suites.cases.useInfiniteQuery(
    { versionId, limit: pageSize },
    { getNextPageParam: (page) => page.nextCursor, staleTime: Number.POSITIVE_INFINITY },
  )
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage])
  return {
    cases: query.data?.pages.flatMap((page) => page.items) ?? [],
    isComplete: query.isSuccess && !hasNextPage,
    error: query.error,
    refetch: query.refetch,
  }
}
