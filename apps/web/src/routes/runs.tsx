import { getRouteApi } from '@tanstack/react-router'
import { RunsPage } from '../features/runs/runs-page.tsx'

const route = getRouteApi('/runs')

export function RunsRoute() {
  const { status = [], q = '' } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <RunsPage
      filter={{ status, text: q }}
      onFilter={(filter) =>
        void navigate({
          replace: true,
          search: {
            ...(filter.status.length > 0 ? { status: filter.status } : {}),
            ...(filter.text ? { q: filter.text } : {}),
          },
        })
      }
    />
  )
}
