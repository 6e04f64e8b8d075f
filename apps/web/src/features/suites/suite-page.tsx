import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { SuiteCase } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ListSkeleton, ListTable, LongText, Second, type ListColumn } from '../../ui/list-table.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { useRowCursor } from '../../ui/use-row-cursor.ts'

const pageSize = 100

const columns: ListColumn<SuiteCase>[] = [
  {
    name: 'Case, group',
    cell: (entry) => (
      <>
        {entry.id}
        {entry.group && <Second>{entry.group}</Second>}
      </>
    ),
  },
  { name: 'Prompt', cell: (entry) => <LongText text={entry.turns.join('\n\n')} /> },
  { name: 'Expected', cell: (entry) => <LongText text={entry.expected ?? ''} /> },
  { name: 'Tags', cell: (entry) => entry.tags.join(', ') },
  { name: 'Validators', cell: (entry) => entry.validators.map((validator) => validator.type).join(', ') },
]

/** The cases of one version of a suite. */
export function SuitePage({ versionId }: { versionId: string }) {
  const suites = trpc.batch.suites.list.useQuery({ limit: 500 })
  const query = trpc.batch.suites.cases.useInfiniteQuery(
    { versionId, limit: pageSize },
    { getNextPageParam: (page) => page.nextCursor },
  )
  const cases = query.data?.pages.flatMap((page) => page.items) ?? []
  const cursor = useRowCursor(cases.length, () => {})
  const suite = suites.data?.items.find((entry) => entry.versionId === versionId)

  return (
    <Page>
      <PageHeader
        crumbs={<Link to="/suites">Suites</Link>}
        title={suite ? `${suite.name} v${suite.version}` : 'Suite'}
        actions={
          <Button component={Link} to="/runs/new" variant="filled">
            New run
          </Button>
        }
      >
        {suite?.description}
      </PageHeader>
      {query.error && <ErrorNotice error={readError(query.error)} />}
      {query.isPending && !query.error && <ListSkeleton label="Loading cases" />}
      {cases.length > 0 && (
        <ListTable rows={cases} columns={columns} keyOf={(entry) => entry.id} current={cursor} testId="case-row" />
      )}
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </Page>
  )
}
