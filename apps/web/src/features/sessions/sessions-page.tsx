import { Button, Pill } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { SessionSummary } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { ListFilters, ListSkeleton, ListTable, rowName, Second, type ListColumn } from '../../ui/list-table.tsx'
import { formatMoney } from '../../ui/money.ts'
import { Page, PageHeader } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { QualityTick } from '../../ui/score.tsx'
import { useRowCursor } from '../../ui/use-row-cursor.ts'
import classes from './sessions-page.module.css'

const pageSize = 50

const columns: ListColumn<SessionSummary>[] = [
  {
    name: 'Session',
    cell: ({ sessionId, experimentName }) => (
      <>
        <Link to="/sessions/$sessionId" params={{ sessionId }} className={rowName}>
          {sessionId}
        </Link>
        <Second>{experimentName ?? 'no experiment'}</Second>
      </>
    ),
  },
  {
    name: 'Models',
    cell: ({ models, runIds }) => (
      <>
        {models.join(', ') || '–'}
        <Second>
          {runIds.map((runId, index) => (
            <span key={runId}>
              {index > 0 && ', '}
              <Link to="/runs/$runId" params={{ runId }} className={rowName}>
                run {index + 1}
              </Link>
            </span>
          ))}
        </Second>
      </>
    ),
  },
  {
    name: 'Messages',
    isNumeric: true,
    cell: ({ messageCount, failedItems }) => (
      <>
        {formatCount(messageCount)}
        {failedItems > 0 && <div className={classes['failed']}>{formatCount(failedItems)} failed</div>}
      </>
    ),
  },
  {
    name: 'Quality',
    cell: ({ quality }) => (
      <div className={classes['quality']}>
        {quality.length === 0 && '–'}
        {quality.map(({ criterion, judgeModel, mean, n }) => (
          <QualityTick key={`${criterion} ${judgeModel}`} name={criterionName(criterion)} mean={mean} n={n} />
        ))}
      </div>
    ),
  },
  {
    name: 'Cost',
    isNumeric: true,
    cell: ({ cost }) => formatMoney(cost.answersMicros + cost.judgingMicros),
  },
  { name: 'Last', cell: (session) => <RelativeTime at={session.lastAt} /> },
]

export interface SessionsFilter {
  text: string
  experiment: string | null
}

/** All tagged sessions, the newest first. */
export function SessionsPage({
  filter,
  onFilter,
  onOpen,
}: {
  filter: SessionsFilter
  onFilter: (filter: SessionsFilter) => void
  onOpen: (sessionId: string) => void
}) {
  const { text, experiment } = filter
  const query = trpc.session.list.useInfiniteQuery(
    { limit: pageSize, ...(text ? { text } : {}), ...(experiment ? { experimentName: experiment } : {}) },
    { getNextPageParam: (page) => page.nextCursor },
  )
  const sessions = query.data?.pages.flatMap((page) => page.items) ?? []
  const cursor = useRowCursor(sessions.length, (index) => {
    const session = sessions[index]
    if (session) onOpen(session.sessionId)
  })
  const isFiltered = text !== '' || experiment !== null

  return (
    <Page>
      <PageHeader title="Sessions" />
      {(sessions.length > 0 || isFiltered) && (
        <ListFilters>
          <FilterText
            label="Filter by session or experiment"
            value={text}
            onChange={(next) => onFilter({ ...filter, text: next })}
          />
          {experiment !== null && (
            <Pill
              withRemoveButton
              removeButtonProps={{ 'aria-label': `Every experiment, not only ${experiment}` }}
              onRemove={() => onFilter({ ...filter, experiment: null })}
            >
              {experiment}
            </Pill>
          )}
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
          title={isFiltered ? 'No session fits the filter' : 'No sessions yet'}
          action={
            isFiltered ? (
              <Button onClick={() => onFilter({ text: '', experiment: null })}>Clear the filter</Button>
            ) : (
              <Button component={Link} to="/runs/new" variant="filled">
                Start a run
              </Button>
            )
          }
        >
          {isFiltered
            ? null
            : 'A session holds the conversations of all runs that carry its tag. Starting a run makes one.'}
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
