import { useMediaQuery } from '@mantine/hooks'
import { useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { Item, ItemSort } from '@proctor/schema'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { itemColumns, itemFeatures, rowGrid, type CriterionColumn } from './item-columns.tsx'
import { ItemHeadCell } from './item-head.tsx'
import { ItemRow } from './item-row.tsx'
import { useScrollAnchor } from './use-scroll-anchor.ts'
import classes from './item-table.module.css'

const rowHeights = { table: 34, cards: 82 }
const rowsBeforeEnd = 20

/** The items of a run: only the rows in sight are rendered, so that ten thousand scroll smoothly. */
export function ItemTable({
  rows,
  leftIds,
  criteria,
  chosenColumns,
  sort,
  onSort,
  showsRepeat,
  compact,
  currentId,
  onOpen,
  onEnd,
  resetKey,
  pill,
  empty,
}: {
  rows: readonly Item[]
  /** Rows that do not fit the filter any more; they stand back. */
  leftIds: ReadonlySet<string>
  criteria: readonly CriterionColumn[]
  /** Names of the columns on show; null shows all. */
  chosenColumns: readonly string[] | null
  sort: ItemSort | null
  onSort: (sort: ItemSort | null) => void
  showsRepeat: boolean
  compact: boolean
  currentId: string | null
  onOpen: (id: string) => void
  /** The reader is near the last row. */
  onEnd: () => void
  /** Scrolls to the top when it changes: another filter is another list. */
  resetKey: string
  /** Stands above the rows. */
  pill: ReactNode
  empty: ReactNode
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const isPhone = useMediaQuery('(max-width: 700px)') ?? false
  const rowHeight = isPhone ? rowHeights.cards : rowHeights.table
  // oxlint-disable-next-line react/incompatible-library -- it hands out changing functions; nothing here memoises them
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight])
  useScrollAnchor(scroller, rows, rowHeight, resetKey)

  const columns = useMemo(
    () => itemColumns(criteria, chosenColumns, showsRepeat, compact),
    [criteria, chosenColumns, showsRepeat, compact],
  )
  const inSight = virtualizer.getVirtualItems()
  // Only what is in sight goes through the table's row model: it is rebuilt on every frame of a live run.
  const data = inSight.flatMap(({ index }) => rows[index] ?? [])
  const table = useTable({ features: itemFeatures, columns, data, getRowId: (item) => item.id })
  const { template, minWidth } = rowGrid(table.getAllLeafColumns().map(({ id }) => id))

  // Follows the keyboard, but does not pull the reader back when rows change under a chosen one.
  const latestRows = useRef(rows)
  latestRows.current = rows
  useEffect(() => {
    const index = latestRows.current.findIndex((row) => row.id === currentId)
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' })
  }, [currentId, virtualizer])

  const lastInSight = inSight.at(-1)?.index ?? 0
  const isNearEnd = rows.length > 0 && lastInSight >= rows.length - rowsBeforeEnd
  const latestOnEnd = useRef(onEnd)
  latestOnEnd.current = onEnd
  useEffect(() => {
    if (isNearEnd) latestOnEnd.current()
  }, [isNearEnd, rows.length])

  return (
    <div className={classes['frame']}>
      {pill}
      {rows.length === 0 && <div className={classes['empty']}>{empty}</div>}
      <div
        ref={scroller}
        className={classes['scroller']}
        role="grid"
        aria-label="Items"
        aria-rowcount={rows.length + 1}
        // Scrollable by keyboard.
        tabIndex={0}
      >
        <div
          className={classes['head']}
          role="row"
          style={{ gridTemplateColumns: template, minWidth: isPhone ? 0 : minWidth }}
        >
          {table.getHeaderGroups().flatMap((group) =>
            group.headers.map((header) => (
              <ItemHeadCell key={header.id} columnId={header.column.id} sort={sort} onSort={onSort}>
                <table.FlexRender header={header} />
              </ItemHeadCell>
            )),
          )}
        </div>
        <div className={classes['body']} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {table.getRowModel().rows.map((row, slot) => {
            const position = inSight[slot]
            if (!position) return null
            return (
              <ItemRow
                key={row.id}
                row={row}
                item={row.original}
                columns={columns}
                index={position.index}
                top={position.start}
                height={rowHeight}
                template={template}
                minWidth={isPhone ? 0 : minWidth}
                isCurrent={row.id === currentId}
                hasLeft={leftIds.has(row.id)}
                onOpen={onOpen}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}
