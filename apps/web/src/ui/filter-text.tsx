import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useShortcuts } from './shortcuts.ts'
import classes from './filter-text.module.css'

/** The text filter of a table: `/` focuses it, Esc leaves it; the change is reported once typing rests. */
export function FilterText({
  value,
  onChange,
  label,
}: {
  value: string
  onChange: (value: string) => void
  label: string
}) {
  const input = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState(value)
  const report = useDebouncedCallback(onChange, 250)
  useShortcuts({ '/': () => input.current?.focus() })
  // The filter can change from outside (a cleared filter, the back button): the draft follows.
  const [seenValue, setSeenValue] = useState(value)
  if (seenValue !== value) {
    setSeenValue(value)
    setDraft(value)
  }

  function change(next: string) {
    setDraft(next)
    report(next)
  }

  return (
    <TextInput
      ref={input}
      className={classes['filter'] ?? ''}
      size="xs"
      aria-label={label}
      placeholder={label}
      value={draft}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur()
      }}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        draft ? (
          <CloseButton size="xs" aria-label="Clear the filter" onClick={() => change('')} />
        ) : (
          <kbd className={classes['key']}>/</kbd>
        )
      }
    />
  )
}
