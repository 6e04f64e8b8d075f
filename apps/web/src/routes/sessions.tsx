import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { trpc } from '../data/trpc.ts'
import { SessionPage } from '../features/sessions/session-page.tsx'
import { SessionsPage } from '../features/sessions/sessions-page.tsx'

const list = getRouteApi('/sessions')
const single = getRouteApi('/sessions/$sessionId')

export function SessionsRoute() {
  const { q = '', experiment } = list.useSearch()
  const navigate = list.useNavigate()
  return (
    <SessionsPage
      filter={{ text: q, experiment: experiment ?? null }}
      onFilter={({ text, experiment: chosen }) =>
        void navigate({
          replace: true,
          search: { ...(text ? { q: text } : {}), ...(chosen ? { experiment: chosen } : {}) },
        })
      }
      onOpen={(sessionId) => void navigate({ to: '/sessions/$sessionId', params: { sessionId } })}
    />
  )
}

export function SessionRoute() {
  const { sessionId } = single.useParams()
  const { q = '', role, was } = single.useSearch()
  const navigate = single.useNavigate()
  // An old id still finds the session; its address is then the new one.
  const current = trpc.session.get.useQuery({ sessionId }).data?.sessionId
  useEffect(() => {
    if (current !== undefined && current !== sessionId)
      void navigate({ replace: true, params: { sessionId: current }, search: { was: sessionId } })
  }, [current, sessionId, navigate])
  return (
    <SessionPage
      key={sessionId}
      sessionId={sessionId}
      lookedFor={was ?? null}
      filter={{ text: q, role: role ?? null }}
      onFilter={(filter) =>
        void navigate({
          replace: true,
          search: {
            ...(filter.text ? { q: filter.text } : {}),
            ...(filter.role ? { role: filter.role } : {}),
            ...(was ? { was } : {}),
          },
        })
      }
      onRenamed={(next) => void navigate({ params: { sessionId: next }, search: {} })}
    />
  )
}
