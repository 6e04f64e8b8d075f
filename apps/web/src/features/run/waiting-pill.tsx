import { IconArrowUp } from '@tabler/icons-react'
import { useShortcuts } from '../../ui/shortcuts.ts'
import classes from './waiting-pill.module.css'

/** What has changed behind the table, and the way to take it in; the rows on show do not move until then. */
export function WaitingPill({ text, onTakeIn }: { text: string | null; onTakeIn: () => void }) {
  useShortcuts(text === null ? {} : { n: onTakeIn })
  if (text === null) return null
  return (
    <div className={classes['place']}>
      <button
        type="button"
        className={classes['pill']}
        data-testid="waiting-pill"
        title="Rows on show keep their places until you take the changes in (N)"
        onClick={onTakeIn}
      >
        <IconArrowUp size={13} stroke={2.2} aria-hidden />
        {text}
        <kbd className={classes['key']} aria-hidden>
          N
        </kbd>
      </button>
    </div>
  )
}
