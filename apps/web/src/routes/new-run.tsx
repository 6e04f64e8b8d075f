import { getRouteApi } from '@tanstack/react-router'
import { NewRunPage } from '../features/new-run/new-run-page.tsx'

const route = getRouteApi('/runs/new')

export function NewRunRoute() {
  const { clone, suite } = route.useSearch()
  return <NewRunPage key={`${clone} ${suite}`} cloneOf={clone ?? null} suite={suite ?? null} />
}
