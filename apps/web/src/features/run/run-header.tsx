import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconSparkles } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RunDetail } from '@proctor/schema'
import { isMoving } from '../../data/run-status.ts'
import { formatQuantity } from '../../ui/count.ts'
import { formatDuration } from '../../ui/duration.ts'
import { PageHeader } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { useNow } from '../../ui/use-now.ts'
import { RunActions } from './run-actions.tsx'
import classes from './run-header.module.css'

export function RunHeader({
  run,
  isObserving,
  onObserve,
}: {
  run: RunDetail
  isObserving: boolean
  onObserve: () => void
}) {
  const tag = run.sessionId
  return (
    <PageHeader
      crumbs={
        <>
          <Link to="/runs">Runs</Link>
          {run.experimentName && (
            <Link to="/runs" search={{ q: run.experimentName }}>
              {run.experimentName}
            </Link>
          )}
        </>
      }
      title={tag ?? `${run.suite.name} (untagged)`}
      badge={tag && <CopyTag tag={tag} />}
      actions={
        <>
          <Button
            data-testid="observe"
            aria-pressed={isObserving}
            onClick={onObserve}
            leftSection={<IconSparkles size={14} aria-hidden />}
          >
            Observe with Assistant
          </Button>
          <RunActions run={run} />
        </>
      }
    >
      <ul className={classes['meta']}>
        <li>
          <StatusBadge status={run.status} reason={run.statusReason} />
        </li>
        <li className={classes['strong']}>{run.model}</li>
        <li>
          {run.suite.name} v{run.suite.version}
        </li>
        <li>{run.judge ? `judge ${run.judge.model}, ${whenWords[run.judge.when]}` : 'no judge'}</li>
        <li>{formatQuantity(run.concurrency, 'call')} at once</li>
        {run.repeats > 1 && <li>{run.repeats} repeats</li>}
        <li>
          started <RelativeTime at={run.startedAt ?? run.createdAt} />
        </li>
        {run.startedAt && isMoving(run.status) && <Elapsed startedAt={run.startedAt} />}
      </ul>
      {run.statusMessage && <p className={classes['reason']}>{run.statusMessage}</p>}
    </PageHeader>
  )
}

const whenWords = { live: 'live', after: 'after the answers', manual: 'by hand' }

function Elapsed({ startedAt }: { startedAt: string }) {
  const now = useNow(1000)
  return <li>for {formatDuration((now - Date.parse(startedAt)) / 1000)}</li>
}

function CopyTag({ tag }: { tag: string }) {
  return (
    <CopyButton value={tag}>
      {({ copied, copy }) => (
        <button
          type="button"
          className={classes['copy']}
          onClick={copy}
          aria-label={copied ? 'Copied' : 'Copy the session id'}
        >
          {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        </button>
      )}
    </CopyButton>
  )
}
