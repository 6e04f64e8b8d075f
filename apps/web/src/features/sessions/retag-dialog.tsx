import { Autocomplete, Checkbox, TextInput } from '@mantine/core'
import { sessionIdSchema, type SessionSummary } from '@proctor/schema'
import { useState } from 'react'
import { errorOfField, readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { fieldError } from '../../ui/error-notice.tsx'

/** Gives a session another id or experiment; putting two sessions together has to be confirmed. */
export function RetagDialog({
  session,
  onClose,
  onDone,
}: {
  session: SessionSummary
  onClose: () => void
  onDone: (sessionId: string) => void
}) {
  const utils = trpc.useUtils()
  const [newSessionId, setNewSessionId] = useState(session.sessionId)
  const [experimentName, setExperimentName] = useState(session.experimentName ?? '')
  const [merge, setMerge] = useState(false)
  const others = trpc.session.list.useQuery({ limit: 100 })
  const experiments = [...new Set(others.data?.items.flatMap((other) => other.experimentName ?? []))]
  const retag = trpc.session.retag.useMutation({
    onSuccess: async ({ sessionId }) => {
      await Promise.all([utils.session.invalidate(), utils.batch.list.invalidate(), utils.batch.get.invalidate()])
      onDone(sessionId)
    },
  })
  const error = retag.error ? readError(retag.error) : null
  const isConflict = error?.code === 'conflict'
  const idError = fieldError(errorOfField(error, 'newSessionId')) ?? wrongId(newSessionId)
  const ofField = errorOfField(error, 'newSessionId', 'experimentName')
  return (
    <Dialog
      opened
      title="Change the tag"
      confirm={merge ? 'Put the sessions together' : 'Change the tag'}
      isBusy={retag.isPending}
      error={ofField ? null : error}
      onConfirm={() =>
        retag.mutate({
          sessionId: session.sessionId,
          newSessionId: newSessionId.trim(),
          experimentName: experimentName.trim() || null,
          merge,
        })
      }
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label="Session id"
        description="The old id stays in its history, and links with it keep working."
        value={newSessionId}
        error={idError}
        onChange={(event) => {
          setNewSessionId(event.currentTarget.value)
          setMerge(false)
          retag.reset()
        }}
      />
      <Autocomplete
        label="Experiment"
        description="Leave it empty for none."
        data={experiments}
        value={experimentName}
        error={fieldError(errorOfField(error, 'experimentName'))}
        onChange={setExperimentName}
      />
      {(isConflict || merge) && (
        <Checkbox
          label={`Put this session and ${newSessionId} together. They cannot be taken apart again.`}
          checked={merge}
          onChange={(event) => setMerge(event.currentTarget.checked)}
        />
      )}
    </Dialog>
  )
}

function wrongId(sessionId: string): string | null {
  const parsed = sessionIdSchema.safeParse(sessionId.trim())
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null)
}
