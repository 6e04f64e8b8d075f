import { Button } from '@mantine/core'
import { IconFilterOff, IconFlask, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { isFilteringRuns, noRunsFilter, type RunsFilter } from '../../data/runs-filter.ts'
import { useRuns } from '../../data/use-runs.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { useRowCursor } from '../../ui/use-row-cursor.ts'
import { RunsFilters } from './runs-filters.tsx'
import { RunsTable, RunsTableSkeleton } from './runs-table.tsx'
import { SelectionBar } from './selection-bar.tsx'
import classes from './runs.module.css'

/** All runs, with their state, quality, speed and cost. */
export function RunsPage({
  filter,
  onFilter,
  selected,
  onSelect,
  observedId,
  onObserve,
  renderObserver,
}: {
  filter: RunsFilter
  onFilter: (filter: RunsFilter) => void
  selected: readonly string[]
  onSelect: (selected: readonly string[]) => void
  /** The run that the assistant is open for. */
  observedId: string | null
  onObserve: (runId: string | null) => void
  renderObserver: (runId: string) => ReactNode
}) {
  const navigate = useNavigate()
  const { runs, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRuns(filter)
  const cursor = useRowCursor(runs.length, (index) => {
    const run = runs[index]
    if (run) void navigate({ to: '/runs/$runId', params: { runId: run.id } })
  })
  const toggle = (id: string) =>
    onSelect(selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id])
  useShortcuts({
    x: () => {
      const run = runs[cursor]
      if (run) toggle(run.id)
    },
  })
  const isFiltered = isFilteringRuns(filter)

  const page = (
    <Page>
      <PageHeader
        title="Runs"
        actions={
          <Button component={Link} to="/runs/new" variant="filled" leftSection={<IconPlus size={15} aria-hidden />}>
            New run
          </Button>
        }
      />
      {(runs.length > 0 || isFiltered) && <RunsFilters filter={filter} onFilter={onFilter} />}
      {error && (
        <ErrorNotice error={readError(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
      )}
      {isPending && !error && <RunsTableSkeleton />}
      {runs.length > 0 && (
        <RunsTable
          runs={runs}
          cursor={cursor}
          selected={selected}
          onToggle={toggle}
          observedId={observedId}
          onObserve={onObserve}
        />
      )}
      {!isPending &&
        !error &&
        runs.length === 0 &&
        (isFiltered ? <NothingFound onReset={() => onFilter(noRunsFilter)} /> : <NoRuns />)}
      {hasNextPage && (
        <Button className={classes['more'] ?? ''} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load more
        </Button>
      )}
      {selected.length > 0 && <SelectionBar selected={selected} runs={runs} onClear={() => onSelect([])} />}
    </Page>
  )
  if (observedId === null) return page
  return (
    <div className={classes['split']}>
      {page}
      <div className={classes['observer']}>{renderObserver(observedId)}</div>
    </div>
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

function NoRuns() {
  return (
    <EmptyState
      icon={<IconFlask size={20} aria-hidden />}
      title="No runs yet"
      action={
        <Button component={Link} to="/runs/new" variant="filled">
          Start the first run
        </Button>
      }
    >
      A run puts every prompt of a suite to one model and, if you like, has a judge score each answer while it goes on.
    </EmptyState>
  )
}
