import type { Item, ItemDetail } from '@proctor/schema'
import { formatCount } from '../../ui/count.ts'
import { formatLatency } from '../../ui/duration.ts'
import { formatMoney } from '../../ui/money.ts'
import classes from './item-facts.module.css'

/** How the call went: time, tokens, money, tries, and the id to ask the provider about. */
export function ItemFacts({ item, detail }: { item: Item; detail: ItemDetail }) {
  const answers = detail.messages.filter((message) => message.role === 'assistant')
  const last = answers.at(-1)
  const tries = answers.flatMap((message) => message.attempts)
  const facts: [label: string, value: string | null][] = [
    ['Answer', last?.fromCache ? 'from an earlier call' : null],
    ['Latency', item.latencyMs === null ? null : formatLatency(item.latencyMs)],
    ['First token', item.timeToFirstTokenMs === null ? null : formatLatency(item.timeToFirstTokenMs)],
    ['Input tokens', tokensText(item.inputTokens, last?.cachedInputTokens ?? null)],
    ['Output tokens', item.outputTokens === null ? null : formatCount(item.outputTokens)],
    ['Cost', costText(item)],
    ['Attempts', item.attempts === 0 ? null : formatCount(item.attempts)],
    ['Finish', last?.finishReason ?? null],
    ['Request id', last?.providerRequestId ?? item.failure?.providerRequestId ?? null],
    ['Tags', detail.tags.length > 0 ? detail.tags.join(', ') : null],
  ]
  return (
    <section className={classes['facts']} aria-label="Call">
      <h3 className={classes['title']}>Call</h3>
      <dl className={classes['list']}>
        {facts.map(([label, value]) =>
          value === null ? null : (
            <div key={label} className={classes['fact']} data-long={value.length > 18 || undefined}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {tries.length > 0 && (
        <ol className={classes['tries']}>
          {tries.map((attempt, index) => (
            // Tries are a history: they have no id and never change places.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <strong>{attempt.kind}</strong>
              {attempt.httpStatus !== null && ` (HTTP ${attempt.httpStatus})`}: {attempt.message} Waited{' '}
              {formatLatency(attempt.waitedMs)}.
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function tokensText(tokens: number | null, cached: number | null): string | null {
  if (tokens === null) return null
  return cached ? `${formatCount(tokens)} (${formatCount(cached)} cached)` : formatCount(tokens)
}

function costText(item: Item): string | null {
  if (item.costMicros !== null) return formatMoney(item.costMicros)
  return item.messageId === null ? null : 'unknown price'
}
