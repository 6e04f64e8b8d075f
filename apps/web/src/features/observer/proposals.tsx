import { Button } from '@mantine/core'
import { IconCheck, IconGavel, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import type { Proposal } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatQuantity } from '../../ui/count.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import classes from './observer.module.css'

/** What the assistant thinks should be done; it happens when, and only when, its button is pressed. */
export function Proposals({ runId, proposals }: { runId: string; proposals: readonly Proposal[] }) {
  if (proposals.length === 0) return null
  return (
    <div className={classes['proposals']} role="group" aria-label="Proposed actions">
      {proposals.map((proposal) => (
        <ProposalButton key={JSON.stringify(proposal)} runId={runId} proposal={proposal} />
      ))}
    </div>
  )
}

const icons = { pause: IconPlayerPause, resume: IconPlayerPlay, retry: IconRefresh, judge: IconGavel }

function ProposalButton({ runId, proposal }: { runId: string; proposal: Proposal }) {
  const utils = trpc.useUtils()
  const [state, setState] = useState<'open' | 'busy' | 'done'>('open')
  const [error, setError] = useState<unknown>(null)
  const pause = trpc.batch.pause.useMutation()
  const resume = trpc.batch.resume.useMutation()
  const retry = trpc.batch.retryFailed.useMutation()
  const judge = trpc.judge.judgeMessage.useMutation()
  const Icon = state === 'done' ? IconCheck : icons[proposal.action]

  async function act(): Promise<void> {
    if (proposal.action === 'pause') await pause.mutateAsync({ runId })
    else if (proposal.action === 'resume') await resume.mutateAsync({ runId })
    else if (proposal.action === 'retry') await retry.mutateAsync({ runId, kind: proposal.kind })
    else {
      const run = await utils.batch.get.fetch({ runId })
      if (!run.judge) return
      const { model, criteria, threshold } = run.judge
      for (const { messageId } of proposal.items)
        if (messageId !== null) await judge.mutateAsync({ messageId, model, criteria, threshold })
    }
  }

  return (
    <>
      <Button
        data-testid="observer-proposal"
        loading={state === 'busy'}
        disabled={state === 'done'}
        leftSection={<Icon size={14} aria-hidden />}
        onClick={() => {
          setState('busy')
          setError(null)
          act().then(
            () => setState('done'),
            (problem: unknown) => {
              setError(problem)
              setState('open')
            },
          )
        }}
      >
        {state === 'done' ? `Done: ${nameOf(proposal).toLowerCase()}` : nameOf(proposal)}
      </Button>
      {error !== null && <ErrorNotice error={readError(error)} />}
    </>
  )
}

function nameOf(proposal: Proposal): string {
  if (proposal.action === 'pause') return 'Pause the run'
  if (proposal.action === 'resume') return 'Resume the run'
  if (proposal.action === 'retry')
    return `Retry ${formatQuantity(proposal.count, proposal.kind === null ? 'failed item' : `${proposal.kind} item`)}`
  return `Judge ${formatQuantity(proposal.items.length, 'answer')} again`
}
