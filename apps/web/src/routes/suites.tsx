import { getRouteApi } from '@tanstack/react-router'
import { Button } from '@mantine/core'
import { readError } from '../data/errors.ts'
import { trpc } from '../data/trpc.ts'
import { SuitePage } from '../features/suites/suite-page.tsx'
import { SuitesPage } from '../features/suites/suites-page.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ListSkeleton } from '../ui/list-table.tsx'
import { Page, PageHeader } from '../ui/page.tsx'
import type { SuiteSearch } from './search.ts'

const single = getRouteApi('/suites/$versionId')

export function SuitesRoute() {
  return <SuitesPage />
}

export function SuiteRoute() {
  const { versionId } = single.useParams()
  const { q = '', case: openKey } = single.useSearch()
  const navigate = single.useNavigate()
  const { data: suite, error, refetch } = trpc.batch.suites.get.useQuery({ versionId })
  if (!suite)
    return (
      <Page>
        <PageHeader title="Suite" />
        {error ? (
          <ErrorNotice error={readError(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
        ) : (
          <ListSkeleton label="Loading the suite" />
        )}
      </Page>
    )
  return (
    <SuitePage
      key={versionId}
      suite={suite}
      text={q}
      onText={(text) =>
        void navigate({
          replace: true,
          search: ({ q: _before, ...rest }: SuiteSearch) => (text ? { ...rest, q: text } : rest),
        })
      }
      openKey={openKey ?? null}
      onOpen={(key) =>
        void navigate({
          replace: true,
          search: ({ case: _before, ...rest }: SuiteSearch) => (key === null ? rest : { ...rest, case: key }),
        })
      }
      onVersion={(next) => void navigate({ params: { versionId: next }, search: {} })}
    />
  )
}
