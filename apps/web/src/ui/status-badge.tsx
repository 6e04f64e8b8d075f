import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconLoader2,
  IconPlayerPause,
  type Icon,
} from '@tabler/icons-react'
import type { RunStatus, StatusReason } from '@proctor/schema'
import classes from './status-badge.module.css'

const looks: Record<RunStatus, { word: string; tone: string; icon: Icon }> = {
  queued: { word: 'Queued', tone: 'quiet', icon: IconClock },
  running: { word: 'Running', tone: 'active', icon: IconLoader2 },
  pausing: { word: 'Pausing', tone: 'fair', icon: IconLoader2 },
  paused: { word: 'Paused', tone: 'fair', icon: IconPlayerPause },
  completed: { word: 'Completed', tone: 'good', icon: IconCircleCheck },
  cancelled: { word: 'Cancelled', tone: 'quiet', icon: IconBan },
  failed: { word: 'Failed', tone: 'bad', icon: IconAlertTriangle },
}

export function statusWord(status: RunStatus): string {
  return looks[status].word
}

/** A run's status as icon, word and colour. */
export function StatusBadge({ status, reason }: { status: RunStatus; reason?: StatusReason | null }) {
  const { word, tone, icon: StatusIcon } = looks[status]
  const overBudget = reason === 'over-budget' && (status === 'paused' || status === 'pausing')
  const spins = status === 'running' || status === 'pausing'
  return (
    <span className={classes['badge']} data-tone={tone} data-status={status} data-testid="run-status">
      <StatusIcon className={spins ? classes['spin'] : undefined} size={14} stroke={2} aria-hidden />
      {word}
      {overBudget && <span className={classes['reason']}>over budget</span>}
    </span>
  )
}
