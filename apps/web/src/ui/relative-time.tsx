import { formatExact } from './exact-time.ts'
import { useNow } from './use-now.ts'

/** `4 min ago`, with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(10_000)
  const exact = formatExact(at)
  return (
    <time dateTime={at} title={exact}>
      {relative(now - Date.parse(at), at)}
    </time>
  )
}

function relative(elapsedMs: number, at: string): string {
  const seconds = Math.round(elapsedMs / 1000)
  if (seconds < 10) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.round(minutes / 60)
  if (hours < 24) return `${hours} h ago`
  const days = Math.round(hours / 24)
  return days < 7 ? `${days} d ago` : at.slice(0, 10)
}
