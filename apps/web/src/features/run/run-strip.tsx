import type { ItemState, RunDetail } from '@proctor/schema'
import type { ReactNode } from 'react'
import type { LiveRun } from '../../data/run-reducer.ts'
import { runRate } from '../../data/run-rate.ts'
import { isMoving } from '../../data/run-status.ts'
import { formatCompact, formatCount, formatQuantity, formatShare } from '../../ui/count.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { formatDuration, formatLatency } from '../../ui/duration.ts'
import { formatMoney, formatSpent } from '../../ui/money.ts'
import { doneCount, ProgressBar, progressParts, ProgressSwatch, type ProgressKey } from '../../ui/progress-bar.tsx'
import { QualityBar } from '../../ui/score.tsx'
import type { ItemFilter } from './item-filter.ts'
import classes from './run-strip.module.css'

const stateOf: Record<ProgressKey, ItemState> = {
  judged: 'judged',
  answered: 'answered',
  judgeFailed: 'judge_failed',
  failed: 'failed',
  running: 'running',
  pending: 'pending',
}

/** The run in figures. The legend of the progress bar filters the table by state. */
export function RunStrip({
  live,
  run,
  compact,
  showsQuality,
  filter,
  onFilter,
}: {
  live: LiveRun
  run: RunDetail
  /** The progress alone, to leave room for an open panel. */
  compact: boolean
  /** Not where the insights show it in full. */
  showsQuality: boolean
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
}) {
  const { counts } = run.progress
  const quality = newestJudge(run)
  return (
    <section className={classes['strip']} aria-label="Progress, figures and quality">
      <div className={classes['progress']}>
        <div className={classes['headline']}>
          <span>
            <strong className={classes['done']}>{formatCount(doneCount(counts))}</strong>
            <span className={classes['quiet']}>
              {' '}
              of <span data-testid="count-total">{formatCount(counts.total)}</span> done
            </span>
          </span>
          <span className={classes['quiet']}>{formatShare(doneCount(counts), counts.total)}</span>
        </div>
        <ProgressBar counts={counts} size="md" />
        <div className={classes['legend']} role="group" aria-label="Filter by state">
          {progressParts.map(({ key, label }) => {
            const isOn = filter.state.includes(stateOf[key])
            return (
              <button
                key={key}
                type="button"
                className={classes['part']}
                aria-pressed={isOn}
                onClick={() =>
                  onFilter({
                    ...filter,
                    kind: null,
                    state: isOn
                      ? filter.state.filter((state) => state !== stateOf[key])
                      : [...filter.state, stateOf[key]],
                  })
                }
              >
                <ProgressSwatch part={key} />
                {label}
                <span className={classes['number']} data-testid={testIds[key]}>
                  {formatCount(counts[key])}
                </span>
              </button>
            )
          })}
        </div>
      </div>
      {!compact && <Figures live={live} run={run} />}
      {!compact && showsQuality && quality.length > 0 && (
        <div className={classes['quality']}>
          {quality.map(({ criterion, mean, n }) => (
            <QualityBar key={criterion} name={criterionName(criterion, run.judge?.criteria)} mean={mean} n={n} />
          ))}
        </div>
      )}
    </section>
  )
}

/**
 * One entry a criterion, by the newest judge where several scored it (the insights show them all), in the order of
 * the table's columns: the judge's criteria first, others after them.
 */
function newestJudge({ judge, progress }: RunDetail) {
  const place = (criterion: string) => {
    const index = judge?.criteria.findIndex(({ id }) => id === criterion) ?? -1
    return index < 0 ? Number.MAX_SAFE_INTEGER : index
  }
  const newestLast = progress.quality.toSorted(
    (a, b) => Number(a.judgeModel === judge?.model) - Number(b.judgeModel === judge?.model),
  )
  const byCriterion = new Map(newestLast.filter(({ n }) => n > 0).map((entry) => [entry.criterion, entry]))
  for (const entry of newestLast) if (!byCriterion.has(entry.criterion)) byCriterion.set(entry.criterion, entry)
  return [...byCriterion.values()].toSorted((a, b) => place(a.criterion) - place(b.criterion))
}

const testIds: Partial<Record<ProgressKey, string>> = {
  judged: 'count-judged',
  answered: 'count-answered',
  failed: 'count-failed',
}

function Figures({ live, run }: { live: LiveRun; run: RunDetail }) {
  const { cost, tokens, validators } = run.progress
  const spent = cost.answersMicros + cost.judgingMicros
  const { p50Ms, p95Ms } = run.latency
  return (
    <dl className={classes['figures']}>
      <Figure wide label="Spent" detail={spentDetail(run)}>
        {formatSpent(spent, cost.unpricedCalls)}
        {run.budgetMicros !== null && <span className={classes['quiet']}> of {formatMoney(run.budgetMicros)}</span>}
      </Figure>
      <Rate live={live} run={run} />
      <Figure label="Latency p50" detail={p95Ms === null ? 'p95 –' : `p95 ${formatLatency(p95Ms)}`}>
        {p50Ms === null ? '–' : formatLatency(p50Ms)}
      </Figure>
      <Figure label="Tokens" detail={`${formatCompact(tokens.input)} in, ${formatCompact(tokens.output)} out`}>
        {formatCompact(tokens.input + tokens.output)}
      </Figure>
      {validators.total > 0 && (
        <Figure label="Checks passed" detail={`${formatCount(validators.passed)} of ${formatCount(validators.total)}`}>
          {formatShare(validators.passed, validators.total)}
        </Figure>
      )}
    </dl>
  )
}

/** Answers and judging apart; calls without a known price are counted beside them. */
function spentDetail({ progress: { cost } }: RunDetail): ReactNode {
  const priced = `answers ${formatMoney(cost.answersMicros)}, judging ${formatMoney(cost.judgingMicros)}`
  if (cost.unpricedCalls === 0) return priced
  const unpriced = `${formatQuantity(cost.unpricedCalls, 'call')} without a known price`
  const isUnknown = cost.answersMicros + cost.judgingMicros === 0
  return <span className={classes['unpriced']}>{isUnknown ? unpriced : `${priced}, ${unpriced}`}</span>
}

/** While it moves: the speed of the last half minute and what is left. Afterwards: the whole run. */
function Rate({ live, run }: { live: LiveRun; run: RunDetail }) {
  const { status, startedAt, finishedAt } = run
  if (isMoving(status)) {
    const rate = runRate(live)
    const left = rate?.etaSeconds ?? null
    return (
      <Figure
        label={rate?.of === 'verdicts' ? 'Judging' : 'Rate'}
        detail={left === null ? 'measuring' : `${formatDuration(left)} left`}
      >
        {rate ? `${rate.perSecond.toFixed(1)}/s` : '–'}
      </Figure>
    )
  }
  if (!startedAt || !finishedAt)
    return (
      <Figure label="Rate" detail="not moving">
        –
      </Figure>
    )
  const seconds = Math.max(0.001, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
  const { total, pending } = run.progress.counts
  return (
    <Figure label="Rate" detail={`took ${formatDuration(seconds)}`}>
      {((total - pending) / seconds).toFixed(1)}/s
    </Figure>
  )
}

function Figure({
  label,
  detail,
  wide,
  children,
}: {
  label: string
  detail: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  return (
    <div className={classes['figure']} data-wide={wide}>
      <dt>{label}</dt>
      <dd>{children}</dd>
      <dd className={classes['detail']}>{detail}</dd>
    </div>
  )
}
