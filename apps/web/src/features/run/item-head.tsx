import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import type { ItemSort } from '@proctor/schema'
import type { ReactNode } from 'react'
import { sortOfColumn } from './item-columns.tsx'
import { isSortedBy, nextSort } from './item-sort.ts'
import classes from './item-table.module.css'

/** The head of a column; a click sorts by it, then the other way round, then not any more. */
export function ItemHeadCell({
  columnId,
  sort,
  onSort,
  children,
}: {
  columnId: string
  sort: ItemSort | null
  onSort: (sort: ItemSort | null) => void
  children: ReactNode
}) {
  const own = sortOfColumn(columnId)
  const isSorted = own !== null && isSortedBy(sort, own)
  const direction = sort?.descending ? 'descending' : 'ascending'
  const Arrow = sort?.descending ? IconChevronDown : IconChevronUp
  return (
    <div
      role="columnheader"
      className={classes['cell']}
      data-column={columnId.split(' ')[0]}
      aria-sort={own ? (isSorted ? direction : 'none') : undefined}
    >
      {own ? (
        <button
          type="button"
          className={classes['sort']}
          data-sorted={isSorted || undefined}
          onClick={() => onSort(nextSort(sort, own))}
        >
          {children}
          {isSorted && <Arrow className={classes['arrow']} size={12} stroke={2.5} aria-hidden />}
        </button>
      ) : (
        children
      )}
    </div>
  )
}
