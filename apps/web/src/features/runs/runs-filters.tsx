import { Select, TextInput } from '@mantine/core'
import { runStatuses } from '../../data/run-status.ts'
import type { RunsFilter, RunsWhen } from '../../data/runs-filter.ts'
import { trpc } from '../../data/trpc.ts'
import { FilterChips } from '../../ui/filter-chips.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { statusWord } from '../../ui/status-badge.tsx'
import classes from './runs.module.css'

const statusChoices = runStatuses.map((status) => ({ value: status, label: statusWord(status) }))

const whens: { value: string; label: string; start: () => RunsWhen }[] = [
  { value: '1', label: 'Today', start: () => ({ kind: 'days', days: 1 }) },
  { value: '7', label: 'Last 7 days', start: () => ({ kind: 'days', days: 7 }) },
  { value: '30', label: 'Last 30 days', start: () => ({ kind: 'days', days: 30 }) },
  // A range without any end would be no filter at all.
  { value: 'range', label: 'From … to …', start: () => ({ kind: 'range', from: null, to: dayOf(new Date()) }) },
]

function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** All that narrows down the list of runs. */
export function RunsFilters({ filter, onFilter }: { filter: RunsFilter; onFilter: (filter: RunsFilter) => void }) {
  const { experiments = [], models = [], suites = [] } = trpc.batch.facets.useQuery().data ?? {}
  const patch = (change: Partial<RunsFilter>) => onFilter({ ...filter, ...change })
  return (
    <div className={classes['filters']} role="search" aria-label="Runs">
      <FilterText
        label="Filter by tag, experiment, model or suite"
        value={filter.text}
        onChange={(text) => patch({ text })}
      />
      <Choice
        label="Experiment"
        value={filter.experiment}
        data={withChosen(experiments, filter.experiment)}
        onChange={(experiment) => patch({ experiment })}
      />
      <Choice
        label="Model"
        value={filter.model}
        data={withChosen(models, filter.model)}
        onChange={(model) => patch({ model })}
      />
      <Choice
        label="Suite"
        value={filter.suiteId}
        data={suites.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(suiteId) => patch({ suiteId })}
      />
      <When when={filter.when} onChange={(when) => patch({ when })} />
      <FilterChips
        label="Status"
        choices={statusChoices}
        value={filter.status}
        onChange={(status) => patch({ status })}
      />
    </div>
  )
}

/** A link may name what no run has any more; it is shown all the same. */
function withChosen(names: readonly string[], chosen: string | null): string[] {
  return chosen === null || names.includes(chosen) ? [...names] : [chosen, ...names]
}

function Choice({
  label,
  value,
  data,
  onChange,
}: {
  label: string
  value: string | null
  data: (string | { value: string; label: string })[]
  onChange: (value: string | null) => void
}) {
  return (
    <Select
      size="xs"
      className={classes['choice'] ?? ''}
      aria-label={label}
      placeholder={label}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      nothingFoundMessage="None"
      limit={100}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      data={data}
      value={value}
      onChange={onChange}
    />
  )
}

function When({ when, onChange }: { when: RunsWhen; onChange: (when: RunsWhen) => void }) {
  const chosen = when.kind === 'days' ? String(when.days) : when.kind
  return (
    <>
      <Select
        size="xs"
        className={classes['choice'] ?? ''}
        aria-label="Started"
        placeholder="Any time"
        clearable
        clearButtonProps={{ 'aria-label': 'Any time' }}
        data={whens.map(({ value, label }) => ({ value, label }))}
        value={chosen === 'any' ? null : chosen}
        onChange={(value) => onChange(whens.find((entry) => entry.value === value)?.start() ?? { kind: 'any' })}
      />
      {when.kind === 'range' && (
        <>
          <TextInput
            size="xs"
            type="date"
            aria-label="From"
            value={when.from ?? ''}
            onChange={(event) => onChange({ ...when, from: event.currentTarget.value || null })}
          />
          <TextInput
            size="xs"
            type="date"
            aria-label="To"
            value={when.to ?? ''}
            onChange={(event) => onChange({ ...when, to: event.currentTarget.value || null })}
          />
        </>
      )}
    </>
  )
}
