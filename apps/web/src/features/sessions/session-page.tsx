import { Button, Skeleton } from '@mantine/core'
import { IconTag } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { MessageRole, SessionSummary } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount, formatQuantity } from '../../ui/count.ts'
import { criterionName } from '../../ui/criterion-name.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatMoney } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { QualityBar } from '../../ui/score.tsx'
import { Conversation } from './conversation.tsx'
import { RetagDialog } from './retag-dialog.tsx'
import classes from './session-page.module.css'

export interface ConversationFilter {
  text: string
  role: MessageRole | null
}

/** One session: its figures, its runs, and everything that was said in it. */
export function SessionPage({
  sessionId,
  lookedFor,
  filter,
  onFilter,
  onRenamed,
}: {
  sessionId: string
  /** The id by which it was looked for, when it has another one now. */
  lookedFor: string | null
  filter: ConversationFilter
  onFilter: (filter: ConversationFilter) => void
  onRenamed: (sessionId: string) => void
}) {
  const { data: session, error, refetch } = trpc.session.get.useQuery({ sessionId })
  const [retagging, setRetagging] = useState(false)
  if (error)
    return (
      <Page>
        <PageHeader crumbs={<Link to="/sessions">Sessions</Link>} title={sessionId} />
        <ErrorNotice error={readError(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
      </Page>
    )
  if (!session)
    return (
      <Page>
        <PageHeader crumbs={<Link to="/sessions">Sessions</Link>} title={sessionId} />
        <Skeleton height={118} />
        <Skeleton height={420} />
      </Page>
    )
  return (
    <Page>
      <PageHeader
        crumbs={
          <>
            <Link to="/sessions">Sessions</Link>
            {session.experimentName && (
              <Link to="/sessions" search={{ experiment: session.experimentName }}>
                {session.experimentName}
              </Link>
            )}
          </>
        }
        title={session.sessionId}
        actions={
          <Button leftSection={<IconTag size={15} aria-hidden />} onClick={() => setRetagging(true)}>
            Change tag
          </Button>
        }
      >
        <History session={session} />
      </PageHeader>
      {lookedFor !== null && (
        <Notice>
          This session was called <strong>{lookedFor}</strong> before.
        </Notice>
      )}
      <Figures session={session} />
      <Conversation sessionId={session.sessionId} runIds={session.runIds} filter={filter} onFilter={onFilter} />
      {retagging && (
        <RetagDialog
          session={session}
          onClose={() => setRetagging(false)}
          onDone={(next) => {
            setRetagging(false)
            if (next === sessionId) void refetch()
            else onRenamed(next)
          }}
        />
      )}
    </Page>
  )
}

function History({ session }: { session: SessionSummary }) {
  return (
    <ul className={classes['meta']}>
      <li>{session.experimentName ?? 'no experiment'}</li>
      <li>
        <RelativeTime at={session.firstAt} />
      </li>
      {session.formerTags.map((tag) => (
        <li key={`${tag.sessionId} ${tag.until}`}>
          was {tag.sessionId}
          {tag.experimentName !== session.experimentName && `, ${tag.experimentName ?? 'no experiment'},`} until{' '}
          <RelativeTime at={tag.until} />
        </li>
      ))}
    </ul>
  )
}

function Figures({ session }: { session: SessionSummary }) {
  const { cost } = session
  return (
    <section className={classes['figures']} aria-label="Figures of the session">
      <dl className={classes['facts']}>
        <div>
          <dt>Runs</dt>
          <dd>
            {session.runIds.length === 0 && '–'}
            {session.runIds.map((runId, index) => (
              <Link key={runId} to="/runs/$runId" params={{ runId }}>
                run {index + 1}
              </Link>
            ))}
          </dd>
        </div>
        <div>
          <dt>Messages</dt>
          <dd>{formatCount(session.messageCount)}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd>{formatQuantity(session.failedItems, 'item')}</dd>
        </div>
        <div>
          <dt>Cost</dt>
          <dd>
            {formatMoney(cost.answersMicros + cost.judgingMicros)}
            {cost.unpricedCalls > 0 && ` + ${formatQuantity(cost.unpricedCalls, 'call')} of unknown price`}
          </dd>
        </div>
        <div data-wide>
          <dt>{session.models.length === 1 ? 'Model' : 'Models'}</dt>
          <dd>{session.models.join(', ') || '–'}</dd>
        </div>
      </dl>
      <div className={classes['quality']}>
        {session.quality.length === 0 && <p className={classes['quiet']}>Nothing has been judged yet.</p>}
        {session.quality.map(({ criterion, judgeModel, mean, n }) => (
          <QualityBar key={`${criterion} ${judgeModel}`} name={criterionName(criterion)} mean={mean} n={n} />
        ))}
      </div>
    </section>
  )
}
