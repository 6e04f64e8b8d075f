import { getRouteApi } from '@tanstack/react-router'
import { SessionsPage } from '../features/sessions/sessions-page.tsx'

const route = getRouteApi('/sessions')

export function SessionsRoute() {
  const { q = '' } = route.useSearch()
  const navigate = route.useNavigate()
  return <SessionsPage text={q} onText={(text) => void navigate({ replace: true, search: text ? { q: text } : {} })} />
}
