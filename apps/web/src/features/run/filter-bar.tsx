import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { formatCount } from '../../ui/count.ts'
import { FilterText } from '../../ui/filter-text.tsx'
import { itemStateWord } from '../../ui/item-state.tsx'
import { isFiltering, noFilter, type ItemFilter } from './item-filter.ts'
import classes from './filter-bar.module.css'

export function FilterBar({
  filter,
  onFilter,
  shown,
  total,
  loaded,
  isComplete,
  limit,
}: {
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
  shown: number
  total: number
  loaded: number
  isComplete: boolean
  limit: number
}) {
  const filtering = isFiltering(filter)
  const parts = [...filter.state.map(itemStateWord), ...(filter.kind ? [filter.kind] : [])]
  return (
    <div className={classes['bar']}>
      <FilterText
        label="Filter by case, prompt or answer"
        value={filter.text}
        onChange={(text) => onFilter({ ...filter, text })}
      />
      {filtering && (
        <Button
          variant="subtle"
          color="gray"
          rightSection={<IconX size={13} aria-hidden />}
          onClick={() => onFilter(noFilter)}
        >
          {parts.length > 0 ? parts.join(', ') : 'Clear'}
        </Button>
      )}
      <span className={classes['count']} role="status">
        {filtering ? `${formatCount(shown)} of ${formatCount(total)} items` : `${formatCount(total)} items`}
        {!isComplete && `, ${formatCount(loaded)} loaded`}
        {isComplete && total > limit && `; the first ${formatCount(limit)} are listed`}
      </span>
    </div>
  )
}
