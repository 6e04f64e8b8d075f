import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './list-table.module.css'

export interface ListColumn<T> {
  name: string
  isNumeric?: boolean
  cell: (row: T) => ReactNode
}

/** A plain table of a list: one row an entry, the current one marked. */
export function ListTable<T>({
  rows,
  columns,
  keyOf,
  current,
  testId,
}: {
  rows: readonly T[]
  columns: readonly ListColumn<T>[]
  keyOf: (row: T) => string
  current: number
  testId: string
}) {
  return (
    <div className={classes['frame']}>
      <table className={classes['table']}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-numeric={column.isNumeric || undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row)} data-testid={testId} data-current={index === current || undefined}>
              {columns.map((column) => (
                <td key={column.name} data-numeric={column.isNumeric || undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The second line of a cell. */
export function Second({ children }: { children: ReactNode }) {
  return <div className={classes['second']}>{children}</div>
}

/** A text of any length, cut after two lines; the whole one is its title. */
export function LongText({ text }: { text: string }) {
  return (
    <div className={classes['long']} title={text}>
      {text}
    </div>
  )
}

/** The line of filters above a list. */
export function ListFilters({ children }: { children: ReactNode }) {
  return <div className={classes['filters']}>{children}</div>
}

/** Class of a link that names its row. */
export const rowName = classes['name'] ?? ''

export function ListSkeleton({ label }: { label: string }) {
  return (
    <div className={classes['frame']} aria-busy aria-label={label}>
      {[0, 1, 2, 3, 4].map((row) => (
        <Skeleton key={row} height={20} my={20} mx={14} width="auto" />
      ))}
    </div>
  )
}
