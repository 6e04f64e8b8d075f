import { useBlocker } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { changeCount, emptyDraft, type SuiteDraft } from './draft.ts'

/** Unsaved changes; leaving the suite with some of them asks first. */
export function useDraft(): { draft: SuiteDraft; setDraft: (draft: SuiteDraft) => void; leaveDialog: ReactNode } {
  const [draft, setDraft] = useState(emptyDraft)
  const blocker = useBlocker({
    // Opening another case is no leaving.
    shouldBlockFn: ({ current, next }) => changeCount(draft) > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: () => changeCount(draft) > 0,
    withResolver: true,
  })
  const leaveDialog = blocker.status === 'blocked' && (
    <Dialog
      opened
      title="Leave without saving?"
      confirm="Leave and lose the changes"
      tone="danger"
      isBusy={false}
      error={null}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
    >
      <p>The changes to this suite are not saved.</p>
    </Dialog>
  )
  return { draft, setDraft, leaveDialog }
}
