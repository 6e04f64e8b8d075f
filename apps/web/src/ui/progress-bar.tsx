import type { Counts } from '@proctor/schema'
import { formatCount } from './count.ts'
import classes from './progress-bar.module.css'

/** The states of a run's items, furthest along first: the order of the bar and of its legend. */
export const progressParts = [
  { key: 'judged', label: 'Judged' },
  { key: 'answered', label: 'Answered' },
  { key: 'judgeFailed', label: 'Judge failed' },
  { key: 'failed', label: 'Failed' },
  { key: 'running', label: 'Running' },
  { key: 'pending', label: 'Pending' },
] as const

export type ProgressKey = (typeof progressParts)[number]['key']

/** Items that will not move by themselves any more. */
export function doneCount(counts: Counts): number {
  return counts.total - counts.pending - counts.running - counts.judgeWaiting
}

/** Items by state, as one segmented bar. */
export function ProgressBar({ counts, size = 'sm' }: { counts: Counts; size?: 'sm' | 'md' }) {
  const total = Math.max(1, counts.total)
  const done = doneCount(counts)
  return (
    <div
      className={classes['bar']}
      data-size={size}
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={counts.total}
      aria-valuenow={done}
      aria-valuetext={`${formatCount(done)} of ${formatCount(counts.total)} done, ${formatCount(counts.failed)} failed`}
    >
      {progressParts.map(({ key }) =>
        counts[key] > 0 && key !== 'pending' ? (
          <span
            key={key}
            className={classes['part']}
            data-part={key}
            style={{ width: `${(counts[key] / total) * 100}%` }}
          />
        ) : null,
      )}
    </div>
  )
}

/** The colour of one state, as the legend shows it. */
export function ProgressSwatch({ part }: { part: ProgressKey }) {
  return <span className={classes['swatch']} data-part={part} aria-hidden />
}
