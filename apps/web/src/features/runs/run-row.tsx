import { ActionIcon, Checkbox } from '@mantine/core'
import { IconSparkles } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { RunSummary } from '@proctor/schema'
import { useEffect, useRef } from 'react'
import { formatCount, formatShare } from '../../ui/count.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { formatLatency } from '../../ui/duration.ts'
import { formatSpent } from '../../ui/money.ts'
import { doneCount, ProgressBar } from '../../ui/progress-bar.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { QualityTick } from '../../ui/score.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import classes from './runs.module.css'

/** One run in the table; on a phone its cells stack into a card. */
export function RunRow({
  run,
  isCurrent,
  isSelected,
  onToggle,
  isObserved,
  onObserve,
}: {
  run: RunSummary
  isCurrent: boolean
  isSelected: boolean
  onToggle: () => void
  isObserved: boolean
  onObserve: () => void
}) {
  const navigate = useNavigate()
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  const { counts, validators, cost } = run.progress
  const done = doneCount(counts)
  const spent = cost.answersMicros + cost.judgingMicros

  return (
    <tr
      ref={row}
      className={classes['row']}
      data-testid="run-row"
      data-run-id={run.id}
      data-current={isCurrent || undefined}
      data-selected={isSelected || undefined}
      data-observed={isObserved || undefined}
      onClick={(event) => {
        // Text that is being selected, and the link inside, keep their own click.
        if (
          window.getSelection()?.toString() ||
          (event.target instanceof Element && event.target.closest('a, label, button, [data-cell="select"]'))
        )
          return
        void navigate({ to: '/runs/$runId', params: { runId: run.id } })
      }}
    >
      <td data-cell="select" className={classes['select']}>
        <Checkbox
          size="xs"
          aria-label={`Select ${run.sessionId ?? 'the untagged run'}`}
          checked={isSelected}
          onChange={onToggle}
        />
      </td>
      <td data-cell="status">
        <StatusBadge status={run.status} />
        <div className={classes['second']}>
          {run.statusReason === 'over-budget' && <span className={classes['overBudget']}>over budget · </span>}
          <RelativeTime at={run.startedAt ?? run.createdAt} />
        </div>
      </td>
      <td data-cell="session">
        <Link
          to="/runs/$runId"
          params={{ runId: run.id }}
          className={classes['name']}
          title={run.sessionId ?? undefined}
        >
          {run.sessionId ?? 'Untagged'}
        </Link>
        <div className={classes['second']} title={run.experimentName ?? undefined}>
          {run.experimentName ?? 'no experiment'}
        </div>
      </td>
      <td data-cell="suite">
        <div className={classes['first']} title={run.suite.name}>
          {run.suite.name} <span className={classes['quiet']}>v{run.suite.version}</span>
        </div>
        <div className={classes['second']} title={run.model}>
          {run.model}
        </div>
      </td>
      <td data-cell="progress">
        <div className={classes['counts']}>
          {formatCount(done)}
          <span className={classes['quiet']}> / {formatCount(counts.total)}</span>
        </div>
        <ProgressBar counts={counts} />
        {counts.failed > 0 && <div className={classes['failed']}>{formatCount(counts.failed)} failed</div>}
      </td>
      <td data-cell="quality">
        <Quality run={run} />
      </td>
      <td data-cell="validators" data-numeric>
        {validators.total > 0 ? (
          <span title={`${formatCount(validators.passed)} of ${formatCount(validators.total)} checks passed`}>
            {formatShare(validators.passed, validators.total)}
          </span>
        ) : (
          <Nothing />
        )}
      </td>
      <td data-cell="latency" data-numeric>
        {run.latency.p50Ms === null ? <Nothing /> : formatLatency(run.latency.p50Ms)}
      </td>
      <td data-cell="cost" data-numeric>
        {formatSpent(spent, cost.unpricedCalls)}
        {cost.unpricedCalls > 0 && (
          <div className={classes['unpriced']} title={`${formatCount(cost.unpricedCalls)} calls have no known price`}>
            {spent === 0 ? 'no price' : '+ unpriced'}
          </div>
        )}
      </td>
      <td data-cell="observe">
        <ActionIcon
          className={classes['observe'] ?? ''}
          variant="subtle"
          color="gray"
          title="Observe with Assistant"
          aria-label={`Observe ${run.sessionId ?? 'the untagged run'} with Assistant`}
          aria-pressed={isObserved}
          onClick={onObserve}
        >
          <IconSparkles size={15} />
        </ActionIcon>
      </td>
    </tr>
  )
}

const ticksPerLine = 5

function Quality({ run }: { run: RunSummary }) {
  const { quality } = run.progress
  const ownJudge = quality.filter((entry) => entry.judgeModel === run.judgeModel)
  const shown = ownJudge.length > 0 ? ownJudge : quality
  if (shown.length === 0)
    return <span className={classes['quiet']}>{run.judgeModel ? 'no scores yet' : 'not judged'}</span>
  return (
    <div
      className={classes['quality']}
      style={{ gridTemplateColumns: `repeat(${Math.min(shown.length, ticksPerLine)}, 32px)` }}
    >
      {shown.map((entry) => (
        <QualityTick
          key={`${entry.criterion} ${entry.judgeModel}`}
          name={criterionName(entry.criterion)}
          mean={entry.mean}
          n={entry.n}
        />
      ))}
    </div>
  )
}

function Nothing() {
  return <span className={classes['quiet']}>–</span>
}
