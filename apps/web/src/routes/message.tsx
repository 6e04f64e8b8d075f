import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { readError } from '../data/errors.ts'
import { trpc } from '../data/trpc.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { RoutePending } from './root.tsx'

const route = getRouteApi('/messages/$messageId')

/** A link to a message leads to wherever it is shown. */
export function MessageRoute() {
  const { messageId } = route.useParams()
  const place = trpc.session.placeOf.useQuery({ messageId })
  if (place.error)
    return (
      <Page>
        <ErrorNotice error={readError(place.error)} action={<Link to="/sessions">Go to the sessions</Link>} />
      </Page>
    )
  if (!place.data) return <RoutePending />
  const { runId, itemId, sessionId } = place.data
  if (runId !== null && itemId !== null)
    return <Navigate replace to="/runs/$runId/items/$itemId" params={{ runId, itemId }} />
  if (sessionId !== null) return <Navigate replace to="/sessions/$sessionId" params={{ sessionId }} />
  return <Navigate replace to="/sessions" />
}
