import { IconCheck, IconX } from '@tabler/icons-react'
import type { Criterion, FailedJudgeCall, Judgment } from '@proctor/schema'
import { criterionName } from './criterion-name.ts'
import { formatExact } from './exact-time.ts'
import { formatScore, Score } from './score.tsx'
import classes from './judgments.module.css'

/** Verdicts by criterion; where several judges scored one, they stand side by side. */
export function Judgments({
  judgments,
  failedCalls,
  criteria,
}: {
  judgments: readonly Judgment[]
  failedCalls: readonly FailedJudgeCall[]
  criteria: readonly Criterion[]
}) {
  const byCriterion = Map.groupBy(judgments, (judgment) => judgment.criterion)
  return (
    <>
      {[...byCriterion].map(([criterion, verdicts]) => (
        <section key={criterion} className={classes['criterion']} aria-label={criterionName(criterion, criteria)}>
          <h3 className={classes['name']}>
            {criterionName(criterion, criteria)}
            {verdicts.length > 1 && <span className={classes['spread']}>{spreadText(verdicts)}</span>}
          </h3>
          <div className={classes['verdicts']}>
            {verdicts.map((verdict) => (
              <Verdict key={verdict.id} verdict={verdict} />
            ))}
          </div>
        </section>
      ))}
      {failedCalls.map((call) => (
        <section key={call.id} className={classes['failed']} aria-label="Failed judge call">
          <h3 className={classes['name']}>
            Judge call failed <span className={classes['quiet']}>{call.judgeModel}</span>
          </h3>
          <p>
            <strong>{call.failure.kind}</strong>: {call.failure.message}
          </p>
          {call.rawText && (
            <details>
              <summary>What the judge said</summary>
              <pre className={classes['raw']}>{call.rawText}</pre>
            </details>
          )}
        </section>
      ))}
    </>
  )
}

function Verdict({ verdict }: { verdict: Judgment }) {
  const { evidence } = verdict
  return (
    <article className={classes['verdict']}>
      <header className={classes['head']}>
        <Score score={verdict.score} size="lg" />
        <span className={classes['passed']} data-passed={verdict.passed} title={`Passes from ${verdict.threshold}`}>
          {verdict.passed ? <IconCheck size={13} aria-hidden /> : <IconX size={13} aria-hidden />}
          {verdict.passed ? 'passed' : `below ${formatScore(verdict.threshold)}`}
        </span>
      </header>
      <p className={classes['judge']} title={`${formatExact(verdict.createdAt)}, prompt ${verdict.promptVersion}`}>
        {verdict.judgeModel}, confidence {Math.round(evidence.confidence * 100)}%
      </p>
      <p>{evidence.reasoning}</p>
      {evidence.quotes.map((quote) => (
        <blockquote key={quote} className={classes['quote']}>
          {quote}
        </blockquote>
      ))}
      {evidence.inventedQuotes > 0 && (
        <p className={classes['warning']}>
          {evidence.inventedQuotes} {evidence.inventedQuotes === 1 ? 'quote does' : 'quotes do'} not occur in the answer
          and {evidence.inventedQuotes === 1 ? 'was' : 'were'} dropped.
        </p>
      )}
      {evidence.suggestions.length > 0 && (
        <ul className={classes['suggestions']}>
          {evidence.suggestions.map((suggestion) => (
            <li key={suggestion}>{suggestion}</li>
          ))}
        </ul>
      )}
    </article>
  )
}

function spreadText(verdicts: readonly Judgment[]): string {
  const scores = verdicts.map((verdict) => verdict.score)
  const spread = Math.max(...scores) - Math.min(...scores)
  return spread === 0 ? 'judges agree' : `judges differ by ${formatScore(spread)}`
}
