import { getRouteApi } from '@tanstack/react-router'
import { NewRunPage } from '../features/new-run/new-run-page.tsx'

const route = getRouteApi('/runs/new')

export function NewRunRoute() {
  const { clone } = route.useSearch()
  return <NewRunPage key={clone} cloneOf={clone ?? null} />
}
