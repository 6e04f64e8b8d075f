import { Skeleton, VisuallyHidden } from '@mantine/core'
import type { RunSummary } from '@proctor/schema'
import { RunRow } from './run-row.tsx'
import classes from './runs.module.css'

const columns = ['Status, started', 'Session', 'Suite and model', 'Progress', 'Quality', 'Checks', 'p50', 'Cost']
const numeric = new Set(['Checks', 'p50', 'Cost'])

export function RunsTable({
  runs,
  cursor,
  selected,
  onToggle,
  observedId,
  onObserve,
}: {
  runs: readonly RunSummary[]
  cursor: number
  selected: readonly string[]
  onToggle: (runId: string) => void
  observedId: string | null
  onObserve: (runId: string | null) => void
}) {
  return (
    <div className={classes['frame']}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col" className={classes['select']}>
              <VisuallyHidden>Selected</VisuallyHidden>
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" data-column={column} data-numeric={numeric.has(column) || undefined}>
                {column}
              </th>
            ))}
            <th scope="col" className={classes['select']}>
              <VisuallyHidden>Assistant</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run, index) => (
            <RunRow
              key={run.id}
              run={run}
              isCurrent={index === cursor}
              isSelected={selected.includes(run.id)}
              onToggle={() => onToggle(run.id)}
              isObserved={run.id === observedId}
              onObserve={() => onObserve(run.id === observedId ? null : run.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function RunsTableSkeleton() {
  return (
    <div className={classes['frame']} aria-busy aria-label="Loading runs">
      {[0, 1, 2, 3, 4].map((row) => (
        <Skeleton key={row} height={20} my={20} mx={14} width="auto" />
      ))}
    </div>
  )
}
