import { Button } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { SessionSummary } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { ListFilters, ListSkeleton, ListTable, rowName, Second, type ListColumn } from '../../ui/list-table.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useRowCursor } from '../../ui/use-row-cursor.ts'

const pageSize = 50

const columns: ListColumn<SessionSummary>[] = [
  {
    name: 'Session',
    cell: (session) => (
      <>
        {session.sessionId}
        <Second>{session.experimentName ?? 'no experiment'}</Second>
      </>
    ),
  },
  {
    name: 'Runs',
    cell: (session) =>
      session.runIds.map((runId, index) => (
        <span key={runId}>
          {index > 0 && ', '}
          <Link to="/runs/$runId" params={{ runId }} className={rowName}>
            run {index + 1}
          </Link>
        </span>
      )),
  },
  { name: 'Conversations', isNumeric: true, cell: (session) => formatCount(session.conversationCount) },
  { name: 'Messages', isNumeric: true, cell: (session) => formatCount(session.messageCount) },
  { name: 'First', cell: (session) => <RelativeTime at={session.firstAt} /> },
  { name: 'Last', cell: (session) => <RelativeTime at={session.lastAt} /> },
]

/** All tagged sessions, the newest first. */
export function SessionsPage({ text, onText }: { text: string; onText: (text: string) => void }) {
  const query = trpc.session.list.useInfiniteQuery(
    { limit: pageSize, ...(text ? { text } : {}) },
    { getNextPageParam: (page) => page.nextCursor },
  )
  const sessions = query.data?.pages.flatMap((page) => page.items) ?? []
  const cursor = useRowCursor(sessions.length, () => {})

  return (
    <Page>
      <PageHeader title="Sessions" />
      {(sessions.length > 0 || text !== '') && (
        <ListFilters>
          <FilterText label="Filter by session or experiment" value={text} onChange={onText} />
        </ListFilters>
      )}
      {query.error && (
        <ErrorNotice
          error={readError(query.error)}
          action={<Button onClick={() => void query.refetch()}>Try again</Button>}
        />
      )}
      {query.isPending && !query.error && <ListSkeleton label="Loading sessions" />}
      {sessions.length > 0 && (
        <ListTable
          rows={sessions}
          columns={columns}
          keyOf={(session) => session.sessionId}
          current={cursor}
          testId="session-row"
        />
      )}
      {query.isSuccess && sessions.length === 0 && (
        <EmptyState
          icon={<IconMessages size={20} aria-hidden />}
          title={text ? 'No session fits the filter' : 'No sessions yet'}
          action={text ? <Button onClick={() => onText('')}>Clear the filter</Button> : null}
        >
          {text ? null : 'A session holds the conversations of all runs that carry its tag. Starting a run makes one.'}
        </EmptyState>
      )}
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </Page>
  )
}
