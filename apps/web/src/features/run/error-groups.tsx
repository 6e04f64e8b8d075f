import { useThrottledValue } from '@mantine/hooks'
import type { ErrorGroup, RunDetail } from '@proctor/schema'
import { useEffect } from 'react'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { noFilter, type ItemFilter } from './item-filter.ts'
import classes from './error-groups.module.css'

const refetchMs = 1500

/** Failures by what went wrong; one click shows the items. */
export function ErrorGroups({
  run,
  filter,
  onFilter,
}: {
  run: RunDetail
  filter: ItemFilter
  onFilter: (filter: ItemFilter) => void
}) {
  const { failed, judgeFailed } = run.progress.counts
  const failures = useThrottledValue(`${failed} ${judgeFailed}`, refetchMs)
  const query = trpc.batch.errors.useQuery({ runId: run.id }, { enabled: failed + judgeFailed > 0 })
  const { refetch } = query
  useEffect(() => {
    if (failures !== '0 0') void refetch()
  }, [failures, refetch])

  const groups = failed + judgeFailed > 0 ? mergeGroups(query.data ?? []) : []
  if (groups.length === 0) return null
  return (
    <div className={classes['groups']} role="group" aria-label="Errors by kind">
      {groups.map((group) => {
        const own = filterOf(group)
        const isOn = filter.kind === own.kind && filter.state.length === 1 && filter.state[0] === own.state[0]
        return (
          <button
            key={`${group.stage} ${group.kind}`}
            type="button"
            className={classes['group']}
            data-stage={group.stage}
            aria-pressed={isOn}
            title={group.messages.join('\n')}
            onClick={() => onFilter(isOn ? noFilter : own)}
          >
            <span className={classes['count']}>{formatCount(group.count)}</span>
            <span className={classes['kind']}>{group.stage === 'judge' ? `judge: ${group.kind}` : group.kind}</span>
            <span className={classes['message']}>
              {group.messages[0]}
              {group.messages.length > 1 && ` and ${group.messages.length - 1} more`}
            </span>
          </button>
        )
      })}
    </div>
  )
}

interface MergedGroup {
  stage: ErrorGroup['stage']
  kind: ErrorGroup['kind']
  messages: string[]
  count: number
}

/** One entry for each filter: what differs in its message alone is found by the same click. */
function mergeGroups(groups: readonly ErrorGroup[]): MergedGroup[] {
  const merged = new Map<string, MergedGroup>()
  for (const { stage, kind, message, count } of groups.toSorted((a, b) => b.count - a.count)) {
    const key = `${stage} ${kind}`
    const known = merged.get(key)
    if (!known) merged.set(key, { stage, kind, messages: [message], count })
    else merged.set(key, { ...known, messages: [...known.messages, message], count: known.count + count })
  }
  return [...merged.values()].toSorted((a, b) => b.count - a.count)
}

/** A failed judgment leaves the item's answer standing, so its rows are found by their state alone. */
function filterOf({ stage, kind }: MergedGroup): ItemFilter {
  return stage === 'judge' ? { ...noFilter, state: ['judge_failed'] } : { ...noFilter, state: ['failed'], kind }
}
