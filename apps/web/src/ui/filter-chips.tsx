import type { ReactNode } from 'react'
import classes from './filter-chips.module.css'

export interface FilterChoice<T extends string> {
  value: T
  label: ReactNode
  count?: number
}

/** Several choices of which any number may be on; none on means all. */
export function FilterChips<T extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string
  choices: readonly FilterChoice<T>[]
  value: readonly T[]
  onChange: (value: T[]) => void
}) {
  return (
    <div className={classes['chips']} role="group" aria-label={label}>
      {choices.map((choice) => {
        const isOn = value.includes(choice.value)
        return (
          <button
            key={choice.value}
            type="button"
            className={classes['chip']}
            aria-pressed={isOn}
            onClick={() => onChange(isOn ? value.filter((other) => other !== choice.value) : [...value, choice.value])}
          >
            {choice.label}
            {choice.count !== undefined && (
              <span className={classes['count']}>{choice.count.toLocaleString('en-US')}</span>
            )}
          </button>
        )
      })}
    </div>
  )
}
