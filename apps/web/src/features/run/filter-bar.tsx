import { Button } from '@mantine/core'
import { IconChartBar, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { criterionName } from '../../ui/criterion-name.ts'
import { FilterText } from '../../ui/filter-text.tsx'
import { itemStateWord } from '../../ui/item-state.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import { FilterMenu } from './filter-menu.tsx'
import type { CriterionColumn } from './item-columns.tsx'
import { noFilter, rangeText, withRange, type ItemFilter } from './item-filter.ts'
import type { RunView } from './run-view.ts'
import classes from './filter-bar.module.css'

/** What narrows the table down, what it is narrowed down to, and what it shows. */
export function FilterBar({
  view,
  onView,
  criteria,
  count,
  compact,
}: {
  view: RunView
  onView: (change: Partial<RunView>) => void
  criteria: readonly CriterionColumn[]
  /** How many rows there are, in words. */
  count: ReactNode
  /** Beside an open panel, which leaves no room for the insights. */
  compact: boolean
}) {
  const { filter, sort, columns, insights } = view
  const onFilter = (next: ItemFilter) => onView({ filter: next })
  const parts = activeParts(filter, criteria)
  const toggleInsights = () => onView({ insights: insights === null ? 'type' : null })
  useShortcuts(compact ? {} : { i: toggleInsights })
  return (
    <div className={classes['frame']}>
      <div className={classes['bar']}>
        <FilterText
          label="Filter by case, prompt or answer"
          value={filter.text}
          onChange={(text) => onFilter({ ...filter, text })}
        />
        <FilterMenu
          filter={filter}
          onFilter={onFilter}
          sort={sort}
          onSort={(next) => onView({ sort: next })}
          criteria={criteria}
        />
        {parts.length > 0 && (
          <ul className={classes['parts']} aria-label="Active filters">
            {parts.map(({ key, label, without }) => (
              <li key={key}>
                <button
                  type="button"
                  className={classes['part']}
                  aria-label={`Remove the filter ${label}`}
                  onClick={() => onFilter(without)}
                >
                  <span className={classes['label']}>{label}</span>
                  <IconX size={12} aria-hidden />
                </button>
              </li>
            ))}
            {parts.length > 1 && (
              <li>
                <button type="button" className={classes['clear']} onClick={() => onFilter(noFilter)}>
                  Clear all
                </button>
              </li>
            )}
          </ul>
        )}
        <span className={classes['count']} role="status">
          {count}
        </span>
        <div className={classes['tools']}>
          <ColumnsMenu criteria={criteria} chosen={columns} onChoose={(next) => onView({ columns: next })} />
          {!compact && (
            <Button
              leftSection={<IconChartBar size={14} aria-hidden />}
              aria-expanded={insights !== null}
              aria-controls={insights === null ? undefined : 'insights'}
              data-testid="insights-toggle"
              title="Scores and checks (I)"
              onClick={toggleInsights}
            >
              Insights
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

interface ActivePart {
  key: string
  label: string
  /** The filter without this part. */
  without: ItemFilter
}

function activeParts(filter: ItemFilter, criteria: readonly CriterionColumn[]): ActivePart[] {
  const { state, kind, scores, check, tag, group } = filter
  const part = (key: string, label: string, change: Partial<ItemFilter>): ActivePart => ({
    key,
    label,
    without: { ...filter, ...change },
  })
  return [
    ...state.map((entry) =>
      part(`state ${entry}`, itemStateWord(entry), { state: state.filter((other) => other !== entry) }),
    ),
    ...(kind ? [part('kind', kind, { kind: null })] : []),
    ...scores.map((range) => ({
      key: `score ${range.criterion}`,
      label: `${criterionName(range.criterion, criteria)} ${rangeText(range)}`,
      without: withRange(filter, range.criterion, null),
    })),
    ...(check ? [part('check', check === 'any' ? 'any check failed' : `${check} failed`, { check: null })] : []),
    ...(tag === null ? [] : [part('tag', `tag ${tag}`, { tag: null })]),
    ...(group === null ? [] : [part('group', `group ${group}`, { group: null })]),
  ]
}
