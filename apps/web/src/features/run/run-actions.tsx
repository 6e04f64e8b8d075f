import { Button } from '@mantine/core'
import { IconCopyPlus, IconGavel, IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RunDetail } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { isMoving } from '../../data/run-status.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { ExportMenu } from './export-menu.tsx'
import { JudgeNowDialog } from './judge-now-dialog.tsx'
import { ResumeDialog } from './resume-dialog.tsx'
import classes from './run-actions.module.css'

type OpenDialog = 'resume' | 'cancel' | 'judge' | null

/** What can be done with the run as it stands; its new status arrives with the run's own events. */
export function RunActions({ run }: { run: RunDetail }) {
  const [dialog, setDialog] = useState<OpenDialog>(null)
  const pause = trpc.batch.pause.useMutation()
  const resume = trpc.batch.resume.useMutation()
  const retry = trpc.batch.retryFailed.useMutation()
  const runId = run.id
  const { counts } = run.progress
  const answered = counts.answered + counts.judged + counts.judgeFailed
  const isPaused = run.status === 'paused'
  const canCancel = isMoving(run.status) || isPaused
  const failure = pause.error ?? resume.error ?? retry.error
  const close = () => setDialog(null)
  const canPause = run.status === 'running' || run.status === 'queued'
  const goOn = () => (run.statusReason === 'over-budget' ? setDialog('resume') : resume.mutate({ runId }))
  useShortcuts(canPause ? { p: () => pause.mutate({ runId }) } : isPaused ? { p: goOn } : {})

  return (
    <>
      {counts.failed > 0 && (
        <Button
          data-testid="retry-failed"
          loading={retry.isPending}
          onClick={() => retry.mutate({ runId })}
          leftSection={<IconRefresh size={14} aria-hidden />}
        >
          Retry failed ({formatCount(counts.failed)})
        </Button>
      )}
      {answered > 0 && (
        <Button
          data-testid="judge-now"
          onClick={() => setDialog('judge')}
          leftSection={<IconGavel size={14} aria-hidden />}
        >
          Judge now
        </Button>
      )}
      <Button
        renderRoot={(props) => <Link {...props} to="/runs/new" search={{ clone: runId }} />}
        leftSection={<IconCopyPlus size={14} aria-hidden />}
      >
        Clone
      </Button>
      <ExportMenu runId={runId} />
      {canCancel && (
        <Button data-testid="cancel" onClick={() => setDialog('cancel')} leftSection={<IconX size={14} aria-hidden />}>
          Cancel
        </Button>
      )}
      {canPause && (
        <Button
          variant="filled"
          data-testid="pause"
          loading={pause.isPending}
          onClick={() => pause.mutate({ runId })}
          leftSection={<IconPlayerPause size={14} aria-hidden />}
        >
          Pause
        </Button>
      )}
      {isPaused && (
        <Button
          variant="filled"
          data-testid="resume"
          loading={resume.isPending}
          onClick={goOn}
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
        >
          Resume
        </Button>
      )}
      {failure && (
        <div className={classes['failure']}>
          <ErrorNotice error={readError(failure)} />
        </div>
      )}
      <ResumeDialog key={`resume ${dialog === 'resume'}`} run={run} opened={dialog === 'resume'} onClose={close} />
      <CancelDialog run={run} opened={dialog === 'cancel'} onClose={close} />
      {dialog === 'judge' && <JudgeNowDialog run={run} onClose={close} />}
    </>
  )
}
