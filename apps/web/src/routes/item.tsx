import { Skeleton } from '@mantine/core'
import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { isMoving } from '../data/run-status.ts'
import { readError } from '../data/errors.ts'
import { trpc } from '../data/trpc.ts'
import { ItemPage } from '../features/item/item-page.tsx'
import { isFiltering, toFilterInput } from '../features/run/item-filter.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { toRunView } from './run-search.ts'

const route = getRouteApi('/runs/$runId/items/$itemId')
const followMs = 3000

/** An item's page: it keeps the filter of the run's page, and goes back to it. */
export function ItemRoute() {
  const { runId, itemId } = route.useParams()
  const { texts, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = useMemo(() => toRunView(search).filter, [search])
  const run = trpc.batch.get.useQuery({ runId })
  const moves = run.data ? isMoving(run.data.status) : false
  const neighbours = trpc.batch.neighbours.useQuery(
    { itemId, ...toFilterInput(filter) },
    { placeholderData: keepPreviousData, refetchInterval: moves ? followMs : false },
  )
  const error = run.error ?? neighbours.error
  if (error)
    return (
      <Page>
        <ErrorNotice error={readError(error)} action={<Link to="/runs">Go to the runs</Link>} />
      </Page>
    )
  if (!run.data || !neighbours.data)
    return (
      <Page>
        <Skeleton height={52} />
        <Skeleton height={420} />
      </Page>
    )
  return (
    <ItemPage
      run={run.data}
      neighbours={neighbours.data}
      isFiltered={isFiltering(filter)}
      crumbs={
        <>
          <Link to="/runs">Runs</Link>
          <Link to="/runs/$runId" params={{ runId }} search={search}>
            {run.data.sessionId ?? `${run.data.suite.name} (untagged)`}
          </Link>
        </>
      }
      view={texts ?? 'markdown'}
      onView={(view) =>
        void navigate({ replace: true, search: view === 'raw' ? { ...search, texts: view } : { ...search } })
      }
      onOpen={(next) =>
        void navigate({ params: { runId, itemId: next }, search: texts ? { ...search, texts } : { ...search } })
      }
      onLeave={() => void navigate({ to: '/runs/$runId', params: { runId }, search: { ...search, item: itemId } })}
    />
  )
}
