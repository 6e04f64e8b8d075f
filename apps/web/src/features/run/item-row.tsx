import { FlexRender, type ColumnDef, type Row } from '@tanstack/react-table'
import type { Item } from '@proctor/schema'
import { memo } from 'react'
import type { itemFeatures } from './item-columns.tsx'
import classes from './item-table.module.css'

interface ItemRowProps {
  row: Row<typeof itemFeatures, Item>
  item: Item
  columns: readonly ColumnDef<typeof itemFeatures, Item>[]
  index: number
  top: number
  height: number
  template: string
  minWidth: number
  isCurrent: boolean
  /** It does not fit the filter any more. */
  hasLeft: boolean
  onOpen: (id: string) => void
}

function ItemRowView({ row, item, index, top, height, template, minWidth, isCurrent, hasLeft, onOpen }: ItemRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCurrent}
      className={classes['row']}
      data-testid="item-row"
      data-item-id={item.id}
      data-state={item.state}
      data-current={isCurrent || undefined}
      data-left={hasLeft || undefined}
      title={hasLeft ? 'Does not fit the filter any more' : undefined}
      style={{ gridTemplateColumns: template, minWidth, height, transform: `translateY(${top}px)` }}
      onClick={() => onOpen(item.id)}
    >
      {row.getAllCells().map((cell) => (
        <div key={cell.id} role="gridcell" className={classes['cell']} data-column={cell.column.id.split(' ')[0]}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  )
}

/** The table makes new row objects on each frame; a row is drawn again only when its item or place changed. */
export const ItemRow = memo(
  ItemRowView,
  (before, after) =>
    before.item === after.item &&
    before.columns === after.columns &&
    before.index === after.index &&
    before.top === after.top &&
    before.height === after.height &&
    before.template === after.template &&
    before.minWidth === after.minWidth &&
    before.isCurrent === after.isCurrent &&
    before.hasLeft === after.hasLeft &&
    before.onOpen === after.onOpen,
)
