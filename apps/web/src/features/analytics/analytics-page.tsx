import { Button, MultiSelect } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { SessionSummary } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ListSkeleton } from '../../ui/list-table.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { ComparisonTable } from './comparison-table.tsx'
import classes from './analytics.module.css'

const maxSessions = 7

/** Sessions side by side: the first one is the baseline. */
export function AnalyticsPage({
  sessionIds,
  onSessions,
}: {
  sessionIds: readonly string[]
  onSessions: (sessionIds: readonly string[]) => void
}) {
  const offered = trpc.session.list.useQuery({ limit: 200 })
  const queries = trpc.useQueries((ask) => sessionIds.map((sessionId) => ask.session.get({ sessionId })))
  const sessions = queries.flatMap(({ data }) => data ?? [])
  const error = offered.error ?? queries.find((query) => query.error)?.error ?? null
  const choices = [...new Set([...sessionIds, ...(offered.data?.items.map(({ sessionId }) => sessionId) ?? [])])]
  const isEmpty = offered.isSuccess && offered.data.items.length === 0

  return (
    <Page>
      <PageHeader title="Analytics" />
      {error && (
        <ErrorNotice
          error={readError(error)}
          action={<Button onClick={() => void offered.refetch()}>Try again</Button>}
        />
      )}
      {isEmpty ? (
        <EmptyState
          icon={<IconChartDots size={20} aria-hidden />}
          title="Nothing to compare yet"
          action={
            <Button component={Link} to="/runs/new" variant="filled">
              Start runs of two models
            </Button>
          }
        >
          Sessions are compared: the runs of one model against those of another, or of this week against last week.
        </EmptyState>
      ) : (
        <MultiSelect
          label="Sessions"
          description="The first one is the baseline."
          placeholder={sessionIds.length === 0 ? 'Choose two or more' : ''}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Choose none' }}
          maxValues={maxSessions}
          limit={50}
          data={choices}
          value={[...sessionIds]}
          onChange={onSessions}
          className={classes['choice'] ?? ''}
        />
      )}
      {sessionIds.length > sessions.length && !error && <ListSkeleton label="Loading sessions" />}
      {sessions.length > 0 && sessions.length === sessionIds.length && <Comparison sessions={sessions} />}
    </Page>
  )
}

function Comparison({ sessions }: { sessions: readonly SessionSummary[] }) {
  return (
    <>
      <ComparisonTable sessions={sessions} />
      <Notice>These are plain means over whatever was scored, without a test of whether a difference is real.</Notice>
    </>
  )
}
