import { Button } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import type { SuiteSummary } from '@proctor/schema'
import { flushSync } from 'react-dom'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatQuantity } from '../../ui/count.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { changeCount, emptyDraft, toEdits, type SuiteDraft } from './draft.ts'
import classes from './suite-page.module.css'

/** What has changed, and the button that makes the next version of it. */
export function SaveBar({
  suite,
  draft,
  onDiscard,
  onSaved,
}: {
  suite: SuiteSummary
  draft: SuiteDraft
  onDiscard: (draft: SuiteDraft) => void
  onSaved: (versionId: string) => void
}) {
  const utils = trpc.useUtils()
  const save = trpc.batch.suites.edit.useMutation({
    onSuccess: async ({ versionId }) => {
      await Promise.all([utils.batch.suites.list.invalidate(), utils.batch.suites.versions.invalidate()])
      // Nothing is unsaved any more by the time that the page is left.
      flushSync(() => onDiscard(emptyDraft))
      onSaved(versionId)
    },
  })
  const count = changeCount(draft)
  if (count === 0) return null
  return (
    <div className={classes['saveBar']} role="region" aria-label="Unsaved changes">
      {save.error && <ErrorNotice error={readError(save.error)} />}
      <div className={classes['inline']}>
        <strong>{formatQuantity(count, 'change')}</strong>
        <span className={classes['quiet']}>Runs keep the version that they used.</span>
        <Button variant="subtle" color="gray" onClick={() => onDiscard(emptyDraft)}>
          Discard
        </Button>
        <Button
          variant="filled"
          loading={save.isPending}
          leftSection={<IconDeviceFloppy size={15} aria-hidden />}
          onClick={() => save.mutate({ suiteId: suite.id, expectedVersion: suite.version, ...toEdits(draft) })}
        >
          Save as version {suite.version + 1}
        </Button>
      </div>
    </div>
  )
}
