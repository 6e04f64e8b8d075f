import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import type { CostRange, ErrorBody, Estimate } from '@proctor/schema'
import { Card } from '../../ui/card.tsx'
import { formatCompact, formatCount, formatQuantity } from '../../ui/count.ts'
import { formatDuration } from '../../ui/duration.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatMoneyRange } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import type { EstimatesState } from './use-estimates.ts'
import classes from './new-run.module.css'

/** What the run will take, and the button that starts it and repeats the amount. */
export function EstimateCard({
  estimates: { byModel, total: estimate, isFetching, error: estimateError },
  budgetUsd,
  isStarting,
  invalidCount,
  error,
}: {
  estimates: EstimatesState
  budgetUsd: number | string
  isStarting: boolean
  invalidCount: number
  error: ErrorBody | null
}) {
  const budgetMicros = budgetUsd === '' ? null : Number(budgetUsd) * 1_000_000
  // The cap holds for each run.
  const overBudget =
    budgetMicros !== null && byModel.some((one) => one.estimate.total && one.estimate.total.highMicros > budgetMicros)
  return (
    <aside className={classes['aside']} aria-label="Estimate">
      <Card title="Estimate" aside={isFetching ? <span className={classes['quiet']}>updating</span> : null}>
        {estimate ? (
          <>
            {byModel.length > 1 && <ByModel byModel={byModel} />}
            <Figures estimate={estimate} />
          </>
        ) : (
          <p className={classes['quiet']}>
            {estimateError ? 'No estimate.' : 'Choose a model and a suite to see what the run will cost.'}
          </p>
        )}
        {overBudget && (
          <Notice tone="fair">
            {byModel.length > 1 ? 'A run' : 'The run'} may reach its cap of ${Number(budgetUsd)} before its end; it then
            pauses and asks.
          </Notice>
        )}
        {error ? <ErrorNotice error={error} /> : estimateError && <ErrorNotice error={estimateError} />}
        {invalidCount > 0 && (
          <Notice tone="fair">{formatQuantity(invalidCount, 'field')} to correct before the run can start.</Notice>
        )}
        <Button
          type="submit"
          variant="filled"
          fullWidth
          loading={isStarting}
          data-testid="start-run"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
        >
          {startLabel(estimate, byModel.length)}
        </Button>
      </Card>
    </aside>
  )
}

function startLabel(estimate: Estimate | null, runs: number): string {
  if (!estimate) return 'Start run'
  const amount = estimate.total ? `about ${formatMoneyRange(estimate.total)}` : 'unknown price'
  const what = runs > 1 ? formatQuantity(runs, 'run') : formatQuantity(estimate.items, 'prompt')
  return `Start ${what} · ${amount}`
}

function ByModel({ byModel }: Pick<EstimatesState, 'byModel'>) {
  return (
    <dl className={classes['figures']} aria-label="By model">
      {byModel.map(({ model, estimate }) => (
        <div key={model}>
          <dt className={classes['model']} title={model}>
            {model}
          </dt>
          <dd>{rangeText(estimate.total)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Figures({ estimate }: { estimate: Estimate }) {
  const { low, high } = estimate.durationSeconds
  const [from, to] = [formatDuration(low), formatDuration(high)]
  return (
    <>
      <dl className={classes['figures']}>
        <div>
          <dt>
            Answers <span className={classes['quiet']}>{formatCount(estimate.items)}</span>
          </dt>
          <dd>{rangeText(estimate.answers)}</dd>
        </div>
        <div>
          <dt>
            Judging <span className={classes['quiet']}>{formatCount(estimate.judgedItems)}</span>
          </dt>
          <dd>{estimate.judgedItems === 0 ? 'none' : rangeText(estimate.judging)}</dd>
        </div>
        <div className={classes['total']} data-testid="estimate-total">
          <dt>Total</dt>
          <dd data-unknown={estimate.total === null || undefined}>{rangeText(estimate.total)}</dd>
        </div>
        <div>
          <dt>Duration</dt>
          <dd>{from === to ? from : `${from} to ${to}`}</dd>
        </div>
        <div>
          <dt>Input</dt>
          <dd>{formatCompact(estimate.inputTokens)} tokens</dd>
        </div>
      </dl>
      {estimate.notes.length > 0 && (
        <ul className={classes['notes']}>
          {estimate.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function rangeText(range: CostRange): string {
  return range ? formatMoneyRange(range) : 'unknown price'
}
