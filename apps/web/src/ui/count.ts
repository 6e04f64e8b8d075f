const whole = new Intl.NumberFormat('en-US')
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })

/** `12,480` */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** `12.5K`, for places where the size matters and the digits do not. */
export function formatCompact(count: number): string {
  return count < 10_000 ? whole.format(count) : compact.format(count)
}

/** `1 case`, `2 cases` */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** A share as whole percent; never 100 % while something is missing, never 0 % when there is something. */
export function formatShare(part: number, total: number): string {
  if (total === 0) return '0%'
  const percent = Math.round((part / total) * 100)
  if (percent === 100 && part < total) return '99%'
  return percent === 0 && part > 0 ? '<1%' : `${percent}%`
}
