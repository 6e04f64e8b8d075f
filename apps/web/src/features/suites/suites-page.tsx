import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileImport, IconListCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { SuiteSummary } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ListSkeleton, ListTable, LongText, rowName, Second, type ListColumn } from '../../ui/list-table.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useRowCursor } from '../../ui/use-row-cursor.ts'
import { ImportDialog } from './import-dialog.tsx'
import classes from './suites-page.module.css'

const pageSize = 50

const columns: ListColumn<SuiteSummary>[] = [
  {
    name: 'Suite',
    cell: (suite) => (
      <>
        <Link to="/suites/$versionId" params={{ versionId: suite.versionId }} className={rowName}>
          {suite.name}
        </Link>
        <Second>
          <LongText text={suite.description} />
        </Second>
      </>
    ),
  },
  { name: 'Version', isNumeric: true, cell: (suite) => `v${suite.version}` },
  { name: 'Cases', isNumeric: true, cell: (suite) => formatCount(suite.caseCount) },
  { name: 'Validators', isNumeric: true, cell: (suite) => formatCount(suite.validatorCount) },
  { name: 'Saved', cell: (suite) => <RelativeTime at={suite.createdAt} /> },
]

/** All suites in their newest version. */
export function SuitesPage() {
  const navigate = useNavigate()
  const [isImporting, importing] = useDisclosure(false)
  const [dropped, setDropped] = useState<File | null>(null)
  const query = trpc.batch.suites.list.useInfiniteQuery(
    { limit: pageSize },
    { getNextPageParam: (page) => page.nextCursor },
  )
  const suites = query.data?.pages.flatMap((page) => page.items) ?? []
  const cursor = useRowCursor(suites.length, (index) => {
    const suite = suites[index]
    if (suite) void navigate({ to: '/suites/$versionId', params: { versionId: suite.versionId } })
  })
  const importButton = (
    <Button variant="filled" leftSection={<IconFileImport size={15} aria-hidden />} onClick={importing.open}>
      Import
    </Button>
  )

  return (
    <div
      className={classes['drop']}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const [file] = event.dataTransfer.files
        if (!file) return
        event.preventDefault()
        setDropped(file)
        importing.open()
      }}
    >
      <Page>
        <PageHeader title="Suites" actions={importButton} />
        {query.error && (
          <ErrorNotice
            error={readError(query.error)}
            action={<Button onClick={() => void query.refetch()}>Try again</Button>}
          />
        )}
        {query.isPending && !query.error && <ListSkeleton label="Loading suites" />}
        {suites.length > 0 && (
          <ListTable rows={suites} columns={columns} keyOf={(suite) => suite.id} current={cursor} testId="suite-row" />
        )}
        {query.isSuccess && suites.length === 0 && (
          <EmptyState icon={<IconListCheck size={20} aria-hidden />} title="No suites yet" action={importButton}>
            A suite is a list of prompts with what a good answer looks like. Import one as JSON, JSON Lines or a table,
            or drop the file here.
          </EmptyState>
        )}
        {query.hasNextPage && (
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        )}
        <ImportDialog opened={isImporting} dropped={dropped} onClose={importing.close} />
      </Page>
    </div>
  )
}
