import { NumberInput, Switch } from '@mantine/core'
import type { RunDetail } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { formatMoney } from '../../ui/money.ts'

/** A run that its budget stopped goes on only with a new cap, or with none. */
export function ResumeDialog({ run, opened, onClose }: { run: RunDetail; opened: boolean; onClose: () => void }) {
  const { cost } = run.progress
  const spentMicros = cost.answersMicros + cost.judgingMicros
  const [capUsd, setCapUsd] = useState<number | string>(suggestedCap(Math.max(spentMicros, run.budgetMicros ?? 0)))
  const [isLifted, setLifted] = useState(false)
  const resume = trpc.batch.resume.useMutation({ onSuccess: onClose })
  const capMicros = Math.round(Number(capUsd) * 1_000_000)
  const tooLow = !isLifted && !(capMicros > spentMicros)

  return (
    <Dialog
      opened={opened}
      title="Resume over budget"
      confirm={isLifted ? 'Resume without a cap' : `Resume up to ${formatMoney(capMicros)}`}
      isBusy={resume.isPending}
      error={resume.error ? readError(resume.error) : null}
      onConfirm={() => {
        if (!tooLow) resume.mutate({ runId: run.id, budgetMicros: isLifted ? null : capMicros })
      }}
      onClose={onClose}
    >
      <p>
        The run has spent {formatMoney(spentMicros)}
        {run.budgetMicros !== null && <> of its cap of {formatMoney(run.budgetMicros)}</>}. It goes on only with a
        higher cap.
      </p>
      <NumberInput
        label="New cap"
        prefix="$"
        decimalScale={6}
        min={0}
        disabled={isLifted}
        value={capUsd}
        onChange={setCapUsd}
        error={tooLow ? `Give more than the ${formatMoney(spentMicros)} that are spent.` : null}
        data-autofocus
      />
      <Switch label="No cap" checked={isLifted} onChange={(event) => setLifted(event.currentTarget.checked)} />
    </Dialog>
  )
}

/** Twice what was spent, in whole cents. */
function suggestedCap(micros: number): number {
  return Math.max(0.01, Math.ceil((micros * 2) / 10_000) / 100)
}
