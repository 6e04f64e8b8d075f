import { getRouteApi } from '@tanstack/react-router'
import { SuitePage } from '../features/suites/suite-page.tsx'
import { SuitesPage } from '../features/suites/suites-page.tsx'

const suite = getRouteApi('/suites/$versionId')

export function SuitesRoute() {
  return <SuitesPage />
}

export function SuiteRoute() {
  const { versionId } = suite.useParams()
  return <SuitePage versionId={versionId} />
}
