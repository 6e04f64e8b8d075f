import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { isMoving } from './run-status.ts'
import { RunStream, type RunStreamState } from './run-stream.ts'
import { trpc } from './trpc.ts'

const detailRefreshMs = 4000

/** Watches one run: state from its event stream, plus the latency figures, which no event carries. */
export function useLiveRun(runId: string): RunStreamState & Pick<RunStream, 'putItems'> {
  const stream = useMemo(() => new RunStream(runId), [runId])
  const state = useSyncExternalStore(stream.subscribe, stream.getState)
  const { run } = state.live
  const detail = trpc.batch.get.useQuery(
    { runId },
    { enabled: run !== null, refetchInterval: run && isMoving(run.status) ? detailRefreshMs : false },
  )
  const { data, refetch } = detail
  useEffect(() => {
    if (data) stream.putDetail(data)
  }, [data, stream])

  // The last figures come with the end of the run.
  const status = run?.status
  useEffect(() => {
    if (status && !isMoving(status)) void refetch()
  }, [status, refetch])
  return { ...state, putItems: stream.putItems }
}
