import { keepPreviousData } from '@tanstack/react-query'
import { isMoving } from './run-status.ts'
import { toRunsInput, type RunsFilter } from './runs-filter.ts'
import { trpc } from './trpc.ts'

const pollMs = 2000
const pageSize = 50

/** Runs, moving ones on top; asked again every two seconds only while something moves. */
export function useRuns(filter: RunsFilter) {
  const query = trpc.batch.list.useInfiniteQuery(
    { limit: pageSize, ...toRunsInput(filter, new Date()) },
    {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        state.data?.pages.some((page) => page.items.some((run) => isMoving(run.status))) ? pollMs : false,
    },
  )
  const all = query.data?.pages.flatMap((page) => page.items) ?? []
  const runs = [...all.filter((run) => isMoving(run.status)), ...all.filter((run) => !isMoving(run.status))]
  return { ...query, runs }
}
