import type { FailedCheck, RunInsights } from '@proctor/schema'
import { formatCount } from '../../ui/count.ts'
import type { ItemFilter } from './item-filter.ts'
import classes from './insights.module.css'

interface CheckRow {
  name: string
  passed: number
  total: number
  /** What a click sets. */
  filter: Pick<ItemFilter, 'check' | 'tag' | 'group'>
}

/** Checks by type, and by tag and group of the cases: how many passed. A click shows the items that failed. */
export function InsightsChecks({
  insights,
  filter,
  onFilter,
}: {
  insights: RunInsights
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
}) {
  const { checks, tags, groups } = insights
  const any: FailedCheck = 'any'
  const parts: { title: string; rows: CheckRow[] }[] = [
    {
      title: 'Checks',
      rows: checks.map(({ type, ...rest }) => ({
        name: type,
        ...rest,
        filter: { check: type, tag: null, group: null },
      })),
    },
    {
      title: 'By tag',
      rows: tags.map(({ tag, ...rest }) => ({ name: tag, ...rest, filter: { check: any, tag, group: null } })),
    },
    {
      title: 'By group',
      rows: groups.map(({ group, ...rest }) => ({ name: group, ...rest, filter: { check: any, tag: null, group } })),
    },
  ]
  return (
    <div className={classes['checks']} role="region" aria-label="Checks passed" tabIndex={0}>
      {parts
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, rows }) => (
          <div key={title} className={classes['part']}>
            <h3 className={classes['title']}>{title}</h3>
            {rows.map((row) => (
              <CheckBar
                key={row.name}
                row={row}
                isOn={isSame(row.filter, filter)}
                onClick={() =>
                  onFilter({
                    ...filter,
                    ...(isSame(row.filter, filter) ? { check: null, tag: null, group: null } : row.filter),
                  })
                }
              />
            ))}
          </div>
        ))}
    </div>
  )
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
      aria-label={`${name}: ${text}. Show the items that failed`}
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
    </button>
  )
}

function isSame(own: CheckRow['filter'], { check, tag, group }: ItemFilter): boolean {
  return own.check === check && own.tag === tag && own.group === group
}
