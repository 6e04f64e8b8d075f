import { Button } from '@mantine/core'
import { IconAlertTriangle, IconFilterOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Item, RunDetail } from '@proctor/schema'
import { useMemo, type ReactNode } from 'react'
import { maxLoadedItems } from '../../data/run-stream.ts'
import { useLiveRun } from '../../data/use-live-run.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ErrorGroups } from './error-groups.tsx'
import { FilterBar } from './filter-bar.tsx'
import { isFiltering, noFilter, visibleItems, type ItemFilter } from './item-filter.ts'
import { ItemTable } from './item-table.tsx'
import { RunHeader } from './run-header.tsx'
import { RunSkeleton } from './run-skeleton.tsx'
import { RunStrip } from './run-strip.tsx'
import { useItemCursor } from './use-item-cursor.ts'
import classes from './run-page.module.css'

export interface PanelContext {
  run: RunDetail
  item: Item
  /** Moves by rows of the table as it is filtered now. */
  onMove: (by: 1 | -1) => void
  onClose: () => void
}

/** One run, live: header, figures, errors and items; the panel of the chosen item stands beside it. */
export function RunPage({
  runId,
  filter,
  onFilter,
  openItemId,
  onOpenItem,
  renderPanel,
}: {
  runId: string
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
  openItemId: string | null
  onOpenItem: (id: string | null) => void
  renderPanel: (context: PanelContext) => ReactNode
}) {
  const { live, connection, error, loadedThrough, itemsComplete } = useLiveRun(runId)
  const { run } = live
  const rows = useMemo(
    () => visibleItems(live, itemsComplete ? Number.POSITIVE_INFINITY : loadedThrough, filter),
    [live, loadedThrough, itemsComplete, filter],
  )
  const { cursorId, move } = useItemCursor(rows, openItemId, onOpenItem)
  const criteria = useCriterionColumns(run)
  const openItem = openItemId === null ? undefined : live.items.get(openItemId)

  if (error)
    return (
      <Page>
        <EmptyState
          icon={<IconAlertTriangle size={20} aria-hidden />}
          title={error.message}
          action={
            <Button component={Link} to="/runs">
              Go to the runs
            </Button>
          }
        >
          {error.code === 'not-found' ? 'It may have been deleted, or the link is not complete.' : error.mend}
        </EmptyState>
      </Page>
    )
  if (!run)
    return (
      <Page>
        <ConnectionBanner connection={connection} />
        <RunSkeleton />
      </Page>
    )

  const { total } = run.progress.counts
  const loaded = live.order.length
  return (
    <div className={classes['split']} data-open={openItem ? true : undefined}>
      <Page fill>
        <ConnectionBanner connection={connection} />
        <RunHeader run={run} />
        <RunStrip live={live} run={run} compact={openItem !== undefined} filter={filter} onFilter={onFilter} />
        <div className={classes['bars']}>
          <ErrorGroups run={run} filter={filter} onFilter={onFilter} />
          <FilterBar
            filter={filter}
            onFilter={onFilter}
            shown={rows.length}
            total={total}
            loaded={loaded}
            isComplete={itemsComplete}
            limit={maxLoadedItems}
          />
        </div>
        <ItemTable
          rows={rows}
          criteria={criteria}
          showsRepeat={run.repeats > 1}
          compact={openItem !== undefined}
          currentId={openItemId ?? cursorId}
          onOpen={onOpenItem}
          resetKey={JSON.stringify(filter)}
          empty={
            isFiltering(filter) && itemsComplete ? (
              <EmptyState
                icon={<IconFilterOff size={20} aria-hidden />}
                title="No item fits the filter"
                action={<Button onClick={() => onFilter(noFilter)}>Clear the filter</Button>}
              />
            ) : null
          }
        />
      </Page>
      {openItem && renderPanel({ run, item: openItem, onMove: move, onClose: () => onOpenItem(null) })}
    </div>
  )
}

/** The judge's criteria, and those that were only scored by hand later; a stable list while they stay the same. */
function useCriterionColumns(run: RunDetail | null) {
  const judge = run?.judge ?? null
  const scored = run?.progress.quality.filter(({ n }) => n > 0).map(({ criterion }) => criterion) ?? []
  const ids = [...new Set([...(judge?.criteria.map(({ id }) => id) ?? []), ...scored])].join(' ')
  return useMemo(
    () => (ids === '' ? [] : ids.split(' ').map((id) => ({ id, name: criterionName(id, judge?.criteria) }))),
    [ids, judge?.criteria],
  )
}
