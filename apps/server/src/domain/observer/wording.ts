import { formatMicros } from '@proctor/schema'

/** Figures as the built-in analyst writes them: the same digits that the tools gave, with their unit. */

export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 item`, `12 items` */
export function quantity(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

export function share(value: number | null): string {
  return value === null ? 'no share' : `${value}%`
}

export function money(usd: number): string {
  return formatMicros(Math.round(usd * 1_000_000))
}

export function points(value: number | null): string {
  return value === null ? 'no score' : String(value)
}

/** `450 ms`, `1.24 s`, `4.2 min`, `1.5 h` */
export function duration(ms: number | null): string {
  if (ms === null) return 'unknown'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${trim(ms / 1000, 2)} s`
  return ms < 3_600_000 ? `${trim(ms / 60_000, 1)} min` : `${trim(ms / 3_600_000, 1)} h`
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}

export function cite(items: readonly { item: number }[]): string {
  return items.map(({ item }) => `[#${item}]`).join(' ')
}

/** Text of others inside ours: it cannot begin a heading, a list, a link or HTML. */
export function quote(text: string): string {
  return `“${text.replaceAll(/[“”]/g, "'").replaceAll(/([\\`*_[\]<>#|~])/g, String.raw`\$1`)}”`
}
