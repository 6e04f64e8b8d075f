import type { RunDetail } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount, formatQuantity } from '../../ui/count.ts'
import { Dialog } from '../../ui/dialog.tsx'

export function CancelDialog({ run, opened, onClose }: { run: RunDetail; opened: boolean; onClose: () => void }) {
  const cancel = trpc.batch.cancel.useMutation({ onSuccess: onClose })
  const { counts } = run.progress
  const open = counts.pending + counts.running
  return (
    <Dialog
      opened={opened}
      title="Cancel this run?"
      confirm="Cancel the run"
      tone="danger"
      isBusy={cancel.isPending}
      error={cancel.error ? readError(cancel.error) : null}
      onConfirm={() => cancel.mutate({ runId: run.id })}
      onClose={onClose}
    >
      <p>
        {formatQuantity(open, 'item')} of {formatCount(counts.total)} will not be answered. What is there already stays.
        A cancelled run does not go on; to stop it for a while, pause it.
      </p>
    </Dialog>
  )
}
