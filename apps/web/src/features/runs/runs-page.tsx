import { Button } from '@mantine/core'
import { IconFilterOff, IconFlask, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { RunStatus } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { runStatuses } from '../../data/run-status.ts'
import { useRuns } from '../../data/use-runs.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { FilterChips } from '../../ui/filter-chips.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { statusWord } from '../../ui/status-badge.tsx'
import { useRowCursor } from '../../ui/use-row-cursor.ts'
import { RunsTable, RunsTableSkeleton } from './runs-table.tsx'
import classes from './runs.module.css'

export interface RunsFilter {
  status: RunStatus[]
  text: string
}

const statusChoices = runStatuses.map((status) => ({ value: status, label: statusWord(status) }))

/** All runs, with their state, quality, speed and cost. */
export function RunsPage({ filter, onFilter }: { filter: RunsFilter; onFilter: (filter: RunsFilter) => void }) {
  const navigate = useNavigate()
  const { runs, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRuns(filter)
  const cursor = useRowCursor(runs.length, (index) => {
    const run = runs[index]
    if (run) void navigate({ to: '/runs/$runId', params: { runId: run.id } })
  })
  const isFiltered = filter.status.length > 0 || filter.text !== ''
  const newRun = (
    <Button component={Link} to="/runs/new" variant="filled" leftSection={<IconPlus size={15} aria-hidden />}>
      New run
    </Button>
  )

  return (
    <Page>
      <PageHeader title="Runs" actions={newRun} />
      {(runs.length > 0 || isFiltered) && (
        <div className={classes['filters']}>
          <FilterText
            label="Filter by tag, experiment, model or suite"
            value={filter.text}
            onChange={(text) => onFilter({ ...filter, text })}
          />
          <FilterChips
            label="Status"
            choices={statusChoices}
            value={filter.status}
            onChange={(status) => onFilter({ ...filter, status })}
          />
        </div>
      )}
      {error && (
        <ErrorNotice error={readError(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
      )}
      {isPending && !error && <RunsTableSkeleton />}
      {runs.length > 0 && <RunsTable runs={runs} cursor={cursor} />}
      {!isPending &&
        !error &&
        runs.length === 0 &&
        (isFiltered ? (
          <NothingFound onReset={() => onFilter({ status: [], text: '' })} />
        ) : (
          <EmptyState
            icon={<IconFlask size={20} aria-hidden />}
            title="No runs yet"
            action={
              <Button component={Link} to="/runs/new" variant="filled">
                Start the first run
              </Button>
            }
          >
            A run puts every prompt of a suite to one model and, if you like, has a judge score each answer while it
            goes on.
          </EmptyState>
        ))}
      {hasNextPage && (
        <Button className={classes['more'] ?? ''} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load more
        </Button>
      )}
    </Page>
  )
}

function NothingFound({ onReset }: { onReset: () => void }) {
  return (
    <EmptyState
      icon={<IconFilterOff size={20} aria-hidden />}
      title="No run fits the filter"
      action={<Button onClick={onReset}>Clear the filter</Button>}
    />
  )
}
