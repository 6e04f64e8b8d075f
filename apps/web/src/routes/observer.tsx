import { Skeleton } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { readError } from '../data/errors.ts'
import { trpc } from '../data/trpc.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { ObserverPage } from '../features/observer/observer-page.tsx'
import { citeBesideRun } from './cite-beside-run.tsx'

const route = getRouteApi('/runs/$runId/observer')

/** The assistant's own page. */
export function ObserverRoute() {
  const { runId } = route.useParams()
  const run = trpc.batch.get.useQuery({ runId })
  if (run.error)
    return (
      <Page>
        <ErrorNotice error={readError(run.error)} action={<Link to="/runs">Go to the runs</Link>} />
      </Page>
    )
  if (!run.data)
    return (
      <Page>
        <Skeleton height={52} />
        <Skeleton height={420} />
      </Page>
    )
  const name = run.data.sessionId ?? `${run.data.suite.name} (untagged)`
  return (
    <ObserverPage
      run={run.data}
      crumbs={
        <>
          <Link to="/runs">Runs</Link>
          <Link to="/runs/$runId" params={{ runId }} search={{ observer: true }}>
            {name}
          </Link>
        </>
      }
      renderCitation={citeBesideRun(runId)}
    />
  )
}
