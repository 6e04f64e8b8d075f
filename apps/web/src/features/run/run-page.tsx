import { Button } from '@mantine/core'
import { IconAlertTriangle, IconFilterOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Item, RunDetail } from '@proctor/schema'
import { useMemo, type ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { useLiveRun } from '../../data/use-live-run.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ErrorGroups } from './error-groups.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Insights } from './insights.tsx'
import { ItemCount } from './item-count.tsx'
import { isFiltering, noFilter, type ItemFilter } from './item-filter.ts'
import { ItemTable } from './item-table.tsx'
import { NoteStrip } from './note-strip.tsx'
import { RunHeader } from './run-header.tsx'
import { RunSkeleton } from './run-skeleton.tsx'
import { RunStrip } from './run-strip.tsx'
import type { RunView } from './run-view.ts'
import { useItemCursor } from './use-item-cursor.ts'
import { useRunRows } from './use-run-rows.ts'
import { WaitingPill } from './waiting-pill.tsx'
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
  view,
  onView,
  openItemId,
  onOpenItem,
  renderPanel,
  isObserving,
  onObserve,
  renderObserver,
}: {
  runId: string
  view: RunView
  onView: (change: Partial<RunView>) => void
  openItemId: string | null
  onOpenItem: (id: string | null) => void
  renderPanel: (context: PanelContext) => ReactNode
  /** The assistant is open beside the table. */
  isObserving: boolean
  onObserve: (isObserving: boolean) => void
  renderObserver: () => ReactNode
}) {
  const { filter, sort, columns, insights } = view
  const stream = useLiveRun(runId)
  const { live, connection, error, itemsComplete } = stream
  const { run } = live
  const list = useRunRows(runId, stream, filter, sort)
  const { rows } = list
  const onFilter = (next: ItemFilter) => onView({ filter: next })
  const { cursorId, move } = useItemCursor(rows, openItemId, onOpenItem)
  const criteria = useCriterionColumns(run)
  const openItem =
    openItemId === null ? undefined : (live.items.get(openItemId) ?? rows.find(({ id }) => id === openItemId))

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

  const isOpen = openItem !== undefined
  const isNarrow = isOpen || isObserving
  return (
    <div className={classes['split']} data-open={isOpen || undefined} data-observing={isObserving || undefined}>
      <Page fill>
        <ConnectionBanner connection={connection} />
        <RunHeader run={run} isObserving={isObserving} onObserve={() => onObserve(!isObserving)} />
        <NoteStrip runId={runId} note={live.note} isObserving={isObserving} onObserve={() => onObserve(true)} />
        <RunStrip
          live={live}
          run={run}
          compact={isNarrow}
          showsQuality={insights === null}
          filter={filter}
          onFilter={onFilter}
        />
        {insights !== null && !isOpen && (
          <Insights
            live={live}
            run={run}
            criteria={criteria}
            by={insights}
            onBy={(by) => onView({ insights: by })}
            filter={filter}
            onFilter={onFilter}
          />
        )}
        <div className={classes['bars']}>
          <ErrorGroups run={run} filter={filter} onFilter={onFilter} />
          <FilterBar
            view={view}
            onView={onView}
            criteria={criteria}
            compact={isNarrow}
            count={<ItemCount live={live} list={list} isComplete={itemsComplete} filter={filter} />}
          />
          {list.searchError !== null && <ErrorNotice error={readError(list.searchError)} />}
        </div>
        <ItemTable
          rows={rows}
          leftIds={list.leftIds}
          criteria={criteria}
          chosenColumns={columns}
          sort={sort}
          onSort={(next) => onView({ sort: next })}
          showsRepeat={run.repeats > 1}
          compact={isNarrow}
          currentId={openItemId ?? cursorId}
          onOpen={onOpenItem}
          onEnd={() => list.found?.loadMore()}
          resetKey={JSON.stringify([filter, sort])}
          pill={<WaitingPill text={list.waiting} onTakeIn={list.takeIn} />}
          empty={
            isFiltering(filter) && itemsComplete && !list.isSearching ? (
              <EmptyState
                icon={<IconFilterOff size={20} aria-hidden />}
                title="No item fits the filter"
                action={<Button onClick={() => onFilter(noFilter)}>Clear the filter</Button>}
              />
            ) : null
          }
        />
      </Page>
      {isObserving && (
        <div className={classes['observer']} data-behind={isOpen || undefined}>
          {renderObserver()}
        </div>
      )}
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
