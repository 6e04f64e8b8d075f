import { Link } from '@tanstack/react-router'
import type { Quality, SessionSummary } from '@proctor/schema'
import { formatCount } from '../../ui/count.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { formatMoney } from '../../ui/money.ts'
import { Score } from '../../ui/score.tsx'
import { rowsOf } from './comparison-rows.ts'
import classes from './analytics.module.css'

/** A row a criterion and judge, a column a session; each cell with its n and its distance from the baseline. */
export function ComparisonTable({ sessions }: { sessions: readonly SessionSummary[] }) {
  const rows = rowsOf(sessions)
  return (
    <div className={classes['frame']}>
      <table className={classes['table']} data-testid="comparison">
        <thead>
          <tr>
            <th scope="col">Criterion</th>
            {sessions.map(({ sessionId, models }, index) => (
              <th key={sessionId} scope="col">
                <Link to="/sessions/$sessionId" params={{ sessionId }}>
                  {sessionId}
                </Link>
                <div className={classes['quiet']}>
                  {index === 0 && 'baseline, '}
                  {models.join(', ')}
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ criterion, judgeModel, cells }) => (
            <tr key={`${criterion} ${judgeModel}`}>
              <th scope="row">
                {criterionName(criterion)}
                <div className={classes['quiet']}>{judgeModel}</div>
              </th>
              {cells.map((cell, index) => (
                <td key={sessions[index]?.sessionId}>
                  <MeanCell cell={cell} baseline={index === 0 ? null : (cells[0] ?? null)} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Failed items</th>
            {sessions.map(({ sessionId, failedItems }) => (
              <td key={sessionId}>{formatCount(failedItems)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">Cost</th>
            {sessions.map(({ sessionId, cost }) => (
              <td key={sessionId}>
                {formatMoney(cost.answersMicros)}
                <span className={classes['quiet']}> answers, {formatMoney(cost.judgingMicros)} judging</span>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  )
}

function MeanCell({ cell, baseline }: { cell: Quality | null; baseline: Quality | null }) {
  if (!cell || cell.mean === null) return <span className={classes['quiet']}>not scored</span>
  const difference = baseline && baseline.mean !== null ? cell.mean - baseline.mean : null
  return (
    <span className={classes['mean']}>
      <Score score={Math.round(cell.mean * 100) / 100} />
      {difference !== null && (
        <span>
          {difference < 0 ? '−' : '+'}
          {Math.abs(difference).toFixed(2)}
        </span>
      )}
      <span className={classes['quiet']}>n={formatCount(cell.n)}</span>
    </span>
  )
}
