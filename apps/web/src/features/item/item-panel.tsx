import { ActionIcon, Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconGavel, IconX } from '@tabler/icons-react'
import type { Item, RunDetail } from '@proctor/schema'
import { useEffect, useRef, useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ItemStateBadge } from '../../ui/item-state.tsx'
import { JudgeAnswer } from '../../ui/judge-answer.tsx'
import { Judgments } from '../../ui/judgments.tsx'
import { Exchange } from './exchange.tsx'
import { ItemFacts } from './item-facts.tsx'
import { Validators } from './validators.tsx'
import classes from './item-panel.module.css'

export interface ItemPanelProps {
  run: RunDetail
  item: Item
  onMove: (by: 1 | -1) => void
  onClose: () => void
}

/** Everything about one item, beside the table; follows its row while the run goes on. */
export function ItemPanel({ run, item, onMove, onClose }: ItemPanelProps) {
  const [view, setView] = useState<'markdown' | 'raw'>('markdown')
  const [judging, setJudging] = useState(false)
  const query = trpc.batch.item.useQuery({ itemId: item.id })
  const { data, error, refetch } = query

  // The row carries the number of its last change: another number means that there is more to read.
  const seenSeq = useRef(item.seq)
  useEffect(() => {
    if (seenSeq.current === item.seq) return
    seenSeq.current = item.seq
    void refetch()
  }, [item.seq, refetch])

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
        {item.failure && (
          <ErrorNotice
            error={{
              code: 'internal',
              field: null,
              message: `${item.state === 'judge_failed' ? 'No verdict' : 'No answer'}: ${item.failure.kind}${item.failure.httpStatus ? ` (HTTP ${item.failure.httpStatus})` : ''}`,
              mend: `${item.failure.message}${item.failure.retryable ? ' It can be retried.' : ''}`,
              requestId: item.failure.providerRequestId ?? 'none',
            }}
          />
        )}
        {error && <ErrorNotice error={readError(error)} />}
        {!data && !error && <PanelSkeleton />}
        {data && (
          <>
            <div className={classes['tools']}>
              <SegmentedControl
                size="xs"
                aria-label="How texts are shown"
                data={[
                  { value: 'markdown', label: 'Markdown' },
                  { value: 'raw', label: 'Raw' },
                ]}
                value={view}
                onChange={(value) => setView(value === 'raw' ? 'raw' : 'markdown')}
              />
              {item.messageId && (
                <Button leftSection={<IconGavel size={14} aria-hidden />} onClick={() => setJudging(true)}>
                  Judge this answer
                </Button>
              )}
            </div>
            <Exchange detail={data} view={view} quotes={current.flatMap((judgment) => judgment.evidence.quotes)} />
            <Judgments judgments={current} failedCalls={data.failedCalls} criteria={run.judge?.criteria ?? []} />
            <Validators results={data.validatorResults} />
            <ItemFacts item={item} detail={data} />
          </>
        )}
      </div>
      {judging && item.messageId && (
        <JudgeAnswer
          settings={run.judge}
          messageId={item.messageId}
          onClose={() => {
            setJudging(false)
            void refetch()
          }}
        />
      )}
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
