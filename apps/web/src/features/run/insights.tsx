import type { RunDetail, RunInsights } from '@proctor/schema'
import { Skeleton } from '@mantine/core'
import type { LiveRun } from '../../data/run-reducer.ts'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { refreshMs, useFollowRun } from '../../data/use-follow-run.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { QualityBar } from '../../ui/score.tsx'
import { ScoreHistogram } from '../../ui/score-histogram.tsx'
import { InsightsChecks } from './insights-checks.tsx'
import type { CriterionColumn } from './item-columns.tsx'
import { withRange, type ItemFilter } from './item-filter.ts'
import type { ChecksBy } from './run-view.ts'
import classes from './insights.module.css'

const noScores = Array.from({ length: 10 }, () => 0)

/** How the scores are spread, criterion by criterion, and which checks fail where. A click filters the table. */
export function Insights({
  live,
  run,
  criteria,
  by,
  onBy,
  filter,
  onFilter,
}: {
  live: LiveRun
  run: RunDetail
  criteria: readonly CriterionColumn[]
  by: ChecksBy
  onBy: (by: ChecksBy) => void
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
}) {
  const { data, error, refetch } = trpc.batch.insights.useQuery({ runId: run.id })
  useFollowRun(live, refreshMs(live), true, refetch)
  return (
    <section id="insights" className={classes['insights']} aria-label="Insights" data-testid="insights">
      {error && !data && <ErrorNotice error={readError(error)} />}
      {!error && !data && <Skeleton height={130} m={14} />}
      {data && isEmpty(data, criteria) && (
        <p className={classes['nothing']}>
          No scores and no checks yet. They appear here as answers are judged and checked.
        </p>
      )}
      {data && criteria.length > 0 && (
        <div className={classes['facets']}>
          {criteria.map(({ id, name }) => (
            <Facet
              key={id}
              id={id}
              name={name}
              run={run}
              counts={data.scores.find(({ criterion }) => criterion === id)?.counts ?? noScores}
              filter={filter}
              onFilter={onFilter}
            />
          ))}
        </div>
      )}
      {data && data.checks.length > 0 && (
        <InsightsChecks insights={data} by={by} onBy={onBy} filter={filter} onFilter={onFilter} />
      )}
    </section>
  )
}

function isEmpty(data: RunInsights, criteria: readonly CriterionColumn[]): boolean {
  return criteria.length === 0 && data.checks.length === 0
}

/** One criterion: a bar a judge, and the distribution of the scores that the table shows. */
function Facet({
  id,
  name,
  run,
  counts,
  filter,
  onFilter,
}: {
  id: string
  name: string
  run: RunDetail
  counts: readonly number[]
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
}) {
  const verdicts = run.progress.quality.filter(({ criterion }) => criterion === id)
  const range = filter.scores.find(({ criterion }) => criterion === id) ?? null
  return (
    <div className={classes['facet']}>
      <h3 className={classes['name']}>{name}</h3>
      {verdicts.length === 0 && <QualityBar name="" mean={null} n={0} layout="wide" />}
      {verdicts.map(({ judgeModel, mean, n }) => (
        <QualityBar key={judgeModel} name={verdicts.length > 1 ? judgeModel : ''} mean={mean} n={n} layout="wide" />
      ))}
      <ScoreHistogram
        name={name}
        counts={counts}
        range={range}
        onRange={(next) => onFilter(withRange(filter, id, next))}
      />
    </div>
  )
}
