import { Button, Skeleton } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import type { ItemNeighbours, RunDetail } from '@proctor/schema'
import type { ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { formatCount } from '../../ui/count.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Feedback } from '../../ui/feedback/feedback.tsx'
import { ItemStateBadge } from '../../ui/item-state.tsx'
import { Judgments } from '../../ui/judgments.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { Exchange } from './exchange.tsx'
import { ItemFacts } from './item-facts.tsx'
import { ItemFailure } from './item-failure.tsx'
import { ItemTools, type TextView } from './item-tools.tsx'
import { useItemDetail } from './use-item-detail.ts'
import { Validators } from './validators.tsx'
import classes from './item-page.module.css'

/** One item with the whole page to itself: the exchange on the left, what is thought of it on the right. */
export function ItemPage({
  run,
  neighbours,
  isFiltered,
  crumbs,
  view,
  onView,
  onOpen,
  onLeave,
}: {
  run: RunDetail
  neighbours: ItemNeighbours
  /** Previous and next go by a filter. */
  isFiltered: boolean
  crumbs: ReactNode
  view: TextView
  onView: (view: TextView) => void
  onOpen: (itemId: string) => void
  /** Back to the run, its filter kept. */
  onLeave: () => void
}) {
  const { item, previousId, nextId, before, total } = neighbours
  const { data, error, refetch } = useItemDetail(item)
  const open = (id: string | null) => id !== null && onOpen(id)
  useShortcuts({
    j: () => open(nextId),
    k: () => open(previousId),
    ArrowRight: () => open(nextId),
    ArrowLeft: () => open(previousId),
    Escape: onLeave,
  })
  const current = data?.judgments.filter((judgment) => judgment.current) ?? []
  return (
    <Page>
      <PageHeader
        crumbs={crumbs}
        title={item.caseId}
        badge={<ItemStateBadge state={item.state} />}
        actions={
          <>
            <span className={classes['place']}>
              {formatCount(Math.min(before + 1, total))} of {formatCount(total)}
              {isFiltered && ' that fit the filter'}
            </span>
            <Button
              disabled={previousId === null}
              leftSection={<IconChevronUp size={15} aria-hidden />}
              onClick={() => open(previousId)}
            >
              Previous
            </Button>
            <Button
              disabled={nextId === null}
              leftSection={<IconChevronDown size={15} aria-hidden />}
              onClick={() => open(nextId)}
            >
              Next
            </Button>
          </>
        }
      />
      <ItemFailure item={item} />
      {error && (
        <ErrorNotice error={readError(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
      )}
      <div className={classes['columns']} data-testid="item-page" data-item-id={item.id}>
        {!data && !error && (
          <>
            <Skeleton height={320} />
            <Skeleton height={320} />
          </>
        )}
        {data && (
          <>
            <div className={classes['exchange']}>
              <ItemTools run={run} item={item} view={view} onView={onView} onJudged={() => void refetch()} />
              <Exchange detail={data} view={view} quotes={current.flatMap((judgment) => judgment.evidence.quotes)} />
              {item.messageId && <Feedback messageId={item.messageId} judgments={current} withKeys />}
            </div>
            <div className={classes['verdicts']}>
              <Judgments judgments={current} failedCalls={data.failedCalls} criteria={run.judge?.criteria ?? []} />
              <Validators results={data.validatorResults} />
              <ItemFacts item={item} detail={data} />
            </div>
          </>
        )}
      </div>
    </Page>
  )
}
