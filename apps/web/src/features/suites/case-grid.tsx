import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { DraftRow } from './draft.ts'
import classes from './suite-page.module.css'

const rowHeight = 38
const stateWords = { saved: '', changed: 'changed', new: 'new', removed: 'removed' }

/** Cases as rows of one line; only those in view are in the page. */
export function CaseGrid({
  rows,
  currentKey,
  onOpen,
}: {
  rows: readonly DraftRow[]
  currentKey: string | null
  onOpen: (key: string) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is handed to a memoized part
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const currentIndex = rows.findIndex(({ key }) => key === currentKey)
  useEffect(() => {
    if (currentIndex >= 0) virtual.scrollToIndex(currentIndex)
    // oxlint-disable-next-line react/exhaustive-deps -- only when another row is opened
  }, [currentIndex])
  return (
    <div className={classes['grid']} role="table" aria-label="Cases" aria-rowcount={rows.length + 1}>
      <div className={classes['gridHead']} role="row" aria-rowindex={1}>
        {['#', 'Case', 'Prompt', 'Expected', 'Checks', 'Group', 'Tags'].map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div className={classes['scroller']} ref={scroller} role="rowgroup">
        <div className={classes['all']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            return (
              row && (
                <div
                  key={row.key}
                  role="row"
                  aria-rowindex={index + 2}
                  className={classes['gridRow']}
                  data-testid="case-row"
                  data-state={row.state}
                  data-current={row.key === currentKey || undefined}
                  style={{ height: rowHeight, transform: `translateY(${start}px)` }}
                  onClick={() => onOpen(row.key)}
                >
                  <Cells row={row} index={index} onOpen={onOpen} />
                </div>
              )
            )
          })}
        </div>
      </div>
    </div>
  )
}

function Cells({ row, index, onOpen }: { row: DraftRow; index: number; onOpen: (key: string) => void }) {
  const { key, entry, state } = row
  return (
    <>
      <span role="cell">{index + 1}</span>
      <span role="cell">
        <button type="button" className={classes['open']} onClick={() => onOpen(key)}>
          {entry.id}
        </button>
        {state !== 'saved' && <span className={classes['state']}>{stateWords[state]}</span>}
      </span>
      <span role="cell" title={entry.turns[0]}>
        {entry.turns.length > 1 && <span className={classes['quiet']}>{entry.turns.length} turns · </span>}
        {entry.turns[0]}
      </span>
      <span role="cell">{entry.expected}</span>
      <span role="cell">{entry.validators.map(({ type }) => type).join(', ')}</span>
      <span role="cell">{entry.group}</span>
      <span role="cell">{entry.tags.join(', ')}</span>
    </>
  )
}
