import classes from './score.module.css'

/** Scores of 8 and up are good, of 6 and up fair. */
export function scoreTone(score: number): 'good' | 'fair' | 'bad' {
  if (score >= 8) return 'good'
  return score >= 6 ? 'fair' : 'bad'
}

/** Whole scores as they are, means with one digit. */
export function formatScore(score: number): string {
  return Number.isInteger(score) ? String(score) : score.toFixed(1)
}

/** One score: its number on its colour. */
export function Score({ score, size = 'md' }: { score: number; size?: 'md' | 'lg' }) {
  return (
    <span className={classes['score']} data-tone={scoreTone(score)} data-size={size}>
      {formatScore(score)}
    </span>
  )
}

interface QualityProps {
  name: string
  mean: number | null
  n: number
}

/** The mean of a criterion as a bar from 1 to 10, always with its number; `wide` has its name, if any, on a line above. */
export function QualityBar({ name, mean, n, layout }: QualityProps & { layout?: 'wide' }) {
  const tone = mean === null ? undefined : scoreTone(mean)
  return (
    <div className={classes['quality']} data-layout={layout} title={qualityText(name, mean, n)}>
      {(name !== '' || !layout) && <span className={classes['name']}>{name}</span>}
      <Bar mean={mean} />
      <span className={classes['mean']} data-tone={tone}>
        {formatMean(mean)}
      </span>
      <span className={classes['n']}>n={n.toLocaleString('en-US')}</span>
    </div>
  )
}

/** The same in a table cell: criteria stand side by side, so that a column of runs compares at a glance. */
export function QualityTick({ name, mean, n }: QualityProps) {
  const tone = mean === null ? undefined : scoreTone(mean)
  return (
    <div className={classes['tick']} title={qualityText(name, mean, n)}>
      <span className={classes['mean']} data-tone={tone}>
        {formatMean(mean)}
      </span>
      <Bar mean={mean} />
      <span className={classes['short']} aria-label={name}>
        {name.slice(0, 4)}
      </span>
    </div>
  )
}

function Bar({ mean }: { mean: number | null }) {
  if (mean === null) return <span className={classes['track']} aria-hidden />
  return (
    <span className={classes['track']} aria-hidden>
      <span className={classes['fill']} data-tone={scoreTone(mean)} style={{ width: `${((mean - 1) / 9) * 100}%` }} />
    </span>
  )
}

function formatMean(mean: number | null): string {
  return mean === null ? '–' : mean.toFixed(1)
}

function qualityText(name: string, mean: number | null, n: number): string {
  return `${name}: ${mean === null ? 'no scores yet' : `${mean.toFixed(2)} of 10, ${n} scored`}`
}
