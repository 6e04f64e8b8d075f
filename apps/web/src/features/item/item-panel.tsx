import { ActionIcon, Skeleton } from '@mantine/core'
import { IconArrowsMaximize, IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react'
import type { Item, RunDetail } from '@proctor/schema'
import { useState, type ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Feedback } from '../../ui/feedback/feedback.tsx'
import { ItemStateBadge } from '../../ui/item-state.tsx'
import { Judgments } from '../../ui/judgments.tsx'
import { Exchange } from './exchange.tsx'
import { ItemFacts } from './item-facts.tsx'
import { ItemFailure } from './item-failure.tsx'
import { ItemTools, type TextView } from './item-tools.tsx'
import { useItemDetail } from './use-item-detail.ts'
import { Validators } from './validators.tsx'
import classes from './item-panel.module.css'

interface ItemPanelProps {
  run: RunDetail
  item: Item
  onMove: (by: 1 | -1) => void
  onClose: () => void
  /** Wraps the icon that leads to the item's own page. */
  renderPageLink: (icon: ReactNode, label: string) => ReactNode
}

/** Everything about one item, beside the table; follows its row while the run goes on. */
export function ItemPanel({ run, item, onMove, onClose, renderPageLink }: ItemPanelProps) {
  const [view, setView] = useState<TextView>('markdown')
  const { data, error, refetch } = useItemDetail(item)
  const current = data?.judgments.filter((judgment) => judgment.current) ?? []
  return (
    <aside
      className={classes['panel']}
      aria-label={`Item ${item.position + 1}: ${item.caseId}`}
      data-testid="item-panel"
      data-item-id={item.id}
    >
      <header className={classes['head']}>
        <div className={classes['title']}>
          <span className={classes['quiet']}>#{item.position + 1}</span>
          <h2>{item.caseId}</h2>
          {run.repeats > 1 && <span className={classes['quiet']}>repeat {item.repeat}</span>}
          <ItemStateBadge state={item.state} />
        </div>
        {renderPageLink(<IconArrowsMaximize size={15} />, 'Open as a page')}
        <ActionIcon variant="subtle" color="gray" aria-label="Previous item (K)" onClick={() => onMove(-1)}>
          <IconChevronUp size={16} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Next item (J)" onClick={() => onMove(1)}>
          <IconChevronDown size={16} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Close (Esc)" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <div className={classes['body']} tabIndex={0} role="region" aria-label="Details of the item">
        <ItemFailure item={item} />
        {error && <ErrorNotice error={readError(error)} />}
        {!data && !error && <PanelSkeleton />}
        {data && (
          <>
            <ItemTools run={run} item={item} view={view} onView={setView} onJudged={() => void refetch()} />
            <Exchange detail={data} view={view} quotes={current.flatMap((judgment) => judgment.evidence.quotes)} />
            {item.messageId && <Feedback messageId={item.messageId} judgments={current} withKeys />}
            <Judgments judgments={current} failedCalls={data.failedCalls} criteria={run.judge?.criteria ?? []} />
            <Validators results={data.validatorResults} />
            <ItemFacts item={item} detail={data} />
          </>
        )}
      </div>
    </aside>
  )
}

function PanelSkeleton() {
  return (
    <div aria-busy aria-label="Loading the item" style={{ display: 'grid', gap: 12 }}>
      <Skeleton height={60} />
      <Skeleton height={140} />
      <Skeleton height={90} />
    </div>
  )
}
