import { VisuallyHidden } from '@mantine/core'
import type { RunInsights } from '@proctor/schema'
import { formatCount } from '../../ui/count.ts'
import type { ItemFilter } from './item-filter.ts'
import type { ChecksBy } from './run-view.ts'
import classes from './insights.module.css'

interface CheckRow {
  name: string
  passed: number
  total: number
  /** What a click sets. */
  filter: Pick<ItemFilter, 'check' | 'tag' | 'group'>
}

const tabs: readonly { by: ChecksBy; label: string }[] = [
  { by: 'type', label: 'Checks' },
  { by: 'tag', label: 'By tag' },
  { by: 'group', label: 'By group' },
]

/** Checks by type, or by tag or group of their cases: how many passed. A click shows the items that failed. */
export function InsightsChecks({
  insights,
  by,
  onBy,
  filter,
  onFilter,
}: {
  insights: RunInsights
  by: ChecksBy
  onBy: (by: ChecksBy) => void
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
}) {
  const rows = rowsOf(insights)
  const shown = rows[by].length > 0 ? by : 'type'
  return (
    <div className={classes['checks']}>
      <div className={classes['tabs']} role="group" aria-label="Checks passed, by">
        {tabs
          .filter((tab) => rows[tab.by].length > 0)
          .map((tab) => (
            <button
              key={tab.by}
              type="button"
              className={classes['tab']}
              aria-pressed={tab.by === shown}
              onClick={() => onBy(tab.by)}
            >
              {tab.label}
            </button>
          ))}
      </div>
      <div className={classes['rows']}>
        {rows[shown].map((row) => {
          const isOn = isSame(row.filter, filter)
          const next = isOn ? { check: null, tag: null, group: null } : row.filter
          return <CheckBar key={row.name} row={row} isOn={isOn} onClick={() => onFilter({ ...filter, ...next })} />
        })}
      </div>
    </div>
  )
}

function rowsOf({ checks, tags, groups }: RunInsights): Record<ChecksBy, CheckRow[]> {
  const none = { tag: null, group: null }
  return {
    type: checks.map(({ type, ...rest }) => ({ name: type, ...rest, filter: { ...none, check: type } })),
    tag: tags.map(({ tag, ...rest }) => ({ name: tag, ...rest, filter: { ...none, check: 'any', tag } })),
    group: groups.map(({ group, ...rest }) => ({ name: group, ...rest, filter: { ...none, check: 'any', group } })),
  }
}

function CheckBar({
  row: { name, passed, total },
  isOn,
  onClick,
}: {
  row: CheckRow
  isOn: boolean
  onClick: () => void
}) {
  const text = `${formatCount(passed)} of ${formatCount(total)} passed`
  return (
    <button
      type="button"
      className={classes['check']}
      aria-pressed={isOn}
      title={`${text}; click to see what failed`}
      onClick={onClick}
    >
      <span className={classes['label']}>{name}</span>
      <span className={classes['track']} data-failed={passed < total || undefined} aria-hidden>
        <span className={classes['passed']} style={{ width: `${(passed / total) * 100}%` }} />
      </span>
      <span className={classes['number']}>
        {formatCount(passed)}/{formatCount(total)}
      </span>
      <VisuallyHidden>passed. Show the items that failed</VisuallyHidden>
    </button>
  )
}

function isSame(own: CheckRow['filter'], { check, tag, group }: ItemFilter): boolean {
  return own.check === check && own.tag === tag && own.group === group
}
