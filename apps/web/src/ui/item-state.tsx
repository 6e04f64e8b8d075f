import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconGavel,
  IconLoader2,
  IconMessageCircle,
  type Icon,
} from '@tabler/icons-react'
import type { ItemState } from '@proctor/schema'
import classes from './status-badge.module.css'

const looks: Record<ItemState, { word: string; tone: string; icon: Icon }> = {
  pending: { word: 'Pending', tone: 'quiet', icon: IconCircleDashed },
  running: { word: 'Running', tone: 'active', icon: IconLoader2 },
  answered: { word: 'Answered', tone: 'active', icon: IconMessageCircle },
  judged: { word: 'Judged', tone: 'good', icon: IconCircleCheck },
  judge_failed: { word: 'Judge failed', tone: 'fair', icon: IconGavel },
  failed: { word: 'Failed', tone: 'bad', icon: IconAlertTriangle },
}

export function itemStateWord(state: ItemState): string {
  return looks[state].word
}

/** An item's state as icon, word and colour; `iconOnly` keeps the word for screen readers and on hover. */
export function ItemStateBadge({ state, iconOnly = false }: { state: ItemState; iconOnly?: boolean }) {
  const { word, tone, icon: StateIcon } = looks[state]
  return (
    <span
      className={classes['badge']}
      data-tone={tone}
      data-state={state}
      data-size="sm"
      title={iconOnly ? word : undefined}
    >
      <StateIcon className={state === 'running' ? classes['spin'] : undefined} size={14} stroke={1.8} aria-hidden />
      {iconOnly ? <span className="visually-hidden">{word}</span> : word}
    </span>
  )
}
