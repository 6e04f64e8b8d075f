import { getRouteApi } from '@tanstack/react-router'
import { AnalyticsPage } from '../features/analytics/analytics-page.tsx'

const route = getRouteApi('/analytics')
const none: readonly string[] = []

export function AnalyticsRoute() {
  const { sessions = none } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <AnalyticsPage
      sessionIds={sessions}
      onSessions={(next) => void navigate({ replace: true, search: next.length > 0 ? { sessions: [...next] } : {} })}
    />
  )
}
