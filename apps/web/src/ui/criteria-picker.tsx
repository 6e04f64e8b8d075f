import { Checkbox } from '@mantine/core'
import type { Criterion } from '@proctor/schema'
import classes from './criteria-picker.module.css'

/** Criteria to score, each with what it asks. */
export function CriteriaPicker({
  criteria,
  value,
  onChange,
  error,
}: {
  criteria: readonly Criterion[]
  value: string[]
  onChange: (ids: string[]) => void
  error?: string | null
}) {
  return (
    <Checkbox.Group label="Criteria" value={value} onChange={onChange} error={error}>
      <div className={classes['list']}>
        {criteria.map(({ id, name, description }) => (
          <Checkbox
            key={id}
            value={id}
            size="xs"
            label={name}
            description={description}
            classNames={{
              root: classes['item'] ?? '',
              label: classes['label'] ?? '',
              description: classes['description'] ?? '',
            }}
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}
