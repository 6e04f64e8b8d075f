import { Button, NativeSelect, Popover } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { maxScore, minScore, validatorTypes, type ItemSort, type ScoreRange } from '@proctor/schema'
import { failureKinds, itemStates } from '../../data/item-state.ts'
import { FilterChips } from '../../ui/filter-chips.tsx'
import { itemStateWord } from '../../ui/item-state.tsx'
import type { CriterionColumn } from './item-columns.tsx'
import { withRange, type ItemFilter } from './item-filter.ts'
import { nextSort } from './item-sort.ts'
import classes from './menus.module.css'

const stateChoices = itemStates.map((state) => ({ value: state, label: itemStateWord(state) }))
const checks = ['any', ...validatorTypes] as const
const points = Array.from({ length: maxScore - minScore + 1 }, (_, index) => minScore + index)

/** Every filter by name, and the sort, which on a phone has no column heads to click. */
export function FilterMenu({
  filter,
  onFilter,
  sort,
  onSort,
  criteria,
}: {
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
  sort: ItemSort | null
  onSort: (sort: ItemSort | null) => void
  criteria: readonly CriterionColumn[]
}) {
  return (
    <Popover position="bottom-start" width="min(380px, calc(100vw - 28px))" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button leftSection={<IconFilter size={14} aria-hidden />} aria-haspopup="dialog">
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={`${classes['menu']} ${classes['filters']}`} aria-label="Filter and sort">
        <fieldset className={classes['part']}>
          <legend>State</legend>
          <FilterChips
            label="State"
            choices={stateChoices}
            value={filter.state}
            onChange={(state) => onFilter({ ...filter, state })}
          />
        </fieldset>
        <div className={classes['pair']}>
          <NativeSelect
            size="xs"
            label="Failure"
            data={[{ value: '', label: 'Any or none' }, ...failureKinds]}
            value={filter.kind ?? ''}
            onChange={({ currentTarget: { value } }) =>
              onFilter({ ...filter, kind: failureKinds.find((kind) => kind === value) ?? null })
            }
          />
          <NativeSelect
            size="xs"
            label="Failed check"
            data={[
              { value: '', label: 'Passed or failed' },
              ...checks.map((check) => ({ value: check, label: check === 'any' ? 'Any check' : check })),
            ]}
            value={filter.check ?? ''}
            onChange={({ currentTarget: { value } }) =>
              onFilter({ ...filter, check: checks.find((check) => check === value) ?? null })
            }
          />
        </div>
        {criteria.length > 0 && (
          <fieldset className={classes['part']}>
            <legend>Scores, from and to</legend>
            {criteria.map(({ id, name }) => (
              <RangeRow
                key={id}
                name={name}
                range={filter.scores.find(({ criterion }) => criterion === id) ?? null}
                onRange={(range) => onFilter(withRange(filter, id, range))}
              />
            ))}
          </fieldset>
        )}
        <SortRow sort={sort} onSort={onSort} criteria={criteria} />
      </Popover.Dropdown>
    </Popover>
  )
}

type Range = Omit<ScoreRange, 'criterion'>

function RangeRow({
  name,
  range,
  onRange,
}: {
  name: string
  range: Range | null
  onRange: (range: Range | null) => void
}) {
  const min = range?.min ?? minScore
  const max = range?.max ?? maxScore
  function change(from: number, to: number) {
    const isOpen = from === minScore && to === maxScore
    onRange(isOpen ? null : { ...(from > minScore ? { min: from } : {}), ...(to < maxScore ? { max: to } : {}) })
  }
  return (
    <div className={classes['range']}>
      <span>{name}</span>
      <NativeSelect
        size="xs"
        aria-label={`${name} from`}
        data={points.map(String)}
        value={String(min)}
        onChange={({ currentTarget: { value } }) => change(Number(value), Math.max(max, Number(value)))}
      />
      <span className={classes['quiet']}>to</span>
      <NativeSelect
        size="xs"
        aria-label={`${name} to`}
        data={points.map(String)}
        value={String(max)}
        onChange={({ currentTarget: { value } }) => change(Math.min(min, Number(value)), Number(value))}
      />
    </div>
  )
}

function SortRow({
  sort,
  onSort,
  criteria,
}: {
  sort: ItemSort | null
  onSort: (sort: ItemSort | null) => void
  criteria: readonly CriterionColumn[]
}) {
  const columns: (Pick<ItemSort, 'by' | 'criterion'> & { label: string })[] = [
    { by: 'state', label: 'State' },
    ...criteria.map(({ id, name }) => ({ by: 'score' as const, criterion: id, label: name })),
    { by: 'checks', label: 'Checks' },
    { by: 'latency', label: 'Latency' },
    { by: 'tokens', label: 'Tokens' },
    { by: 'cost', label: 'Cost' },
  ]
  const keyOf = ({ by, criterion }: Pick<ItemSort, 'by' | 'criterion'>) => `${by} ${criterion ?? ''}`
  return (
    <div className={classes['pair']}>
      <NativeSelect
        size="xs"
        label="Sort by"
        data={[
          { value: 'position ', label: 'Order of the suite' },
          ...columns.map((column) => ({ value: keyOf(column), label: column.label })),
        ]}
        value={sort ? keyOf(sort) : 'position '}
        onChange={({ currentTarget: { value } }) => {
          const column = columns.find((entry) => keyOf(entry) === value)
          if (!column) return onSort(null)
          const { label: _label, ...own } = column
          onSort(nextSort(null, own))
        }}
      />
      <NativeSelect
        size="xs"
        label="Direction"
        data={[
          { value: 'up', label: 'Lowest first' },
          { value: 'down', label: 'Highest first' },
        ]}
        value={sort?.descending ? 'down' : 'up'}
        onChange={({ currentTarget: { value } }) => {
          const descending = value === 'down'
          onSort(sort ? { ...sort, descending } : descending ? { by: 'position', descending } : null)
        }}
      />
    </div>
  )
}
