import { Autocomplete, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Message } from '@proctor/schema'
import { useState } from 'react'
import { errorOfField, readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { fieldError } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Keeps an exchange as a case: in a suite that is there, as a new version of it, or in a new one. */
export function SaveAsCase({ message, onClose }: { message: Message; onClose: () => void }) {
  const utils = trpc.useUtils()
  const suites = trpc.batch.suites.list.useQuery({ limit: 200 }).data?.items ?? []
  const [name, setName] = useState('')
  const [expected, setExpected] = useState(message.content)
  const save = trpc.session.chat.saveAsCase.useMutation({ onSuccess: () => utils.batch.suites.invalidate() })
  const existing = suites.find((suite) => suite.name === name.trim())
  const error = save.error ? readError(save.error) : null
  const ofSuite = errorOfField(error, 'suite')
  return (
    <Dialog
      opened
      size="lg"
      title="Save as case"
      confirm={save.data ? 'Done' : 'Save'}
      isBusy={save.isPending}
      error={ofSuite ? null : error}
      onConfirm={() => {
        if (save.data) onClose()
        else
          save.mutate({
            messageId: message.id,
            suite: existing ? { id: existing.id } : { name: name.trim() },
            expected: expected.trim() || null,
          })
      }}
      onClose={onClose}
    >
      {save.data ? (
        <Notice>
          Saved as version {save.data.version} of{' '}
          <Link to="/suites/$versionId" params={{ versionId: save.data.versionId }}>
            {save.data.name}
          </Link>
          .
        </Notice>
      ) : (
        <>
          <Autocomplete
            data-autofocus
            label="Suite"
            description={
              existing
                ? `The case makes version ${existing.version + 1}; runs keep the version that they used.`
                : 'One that is there, or a new name.'
            }
            data={suites.map((suite) => suite.name)}
            value={name}
            onChange={setName}
            error={fieldError(ofSuite)}
          />
          <Textarea
            label="Expected answer"
            description="What a good answer looks like; leave it empty for none."
            autosize
            minRows={3}
            maxRows={12}
            value={expected}
            onChange={(event) => setExpected(event.currentTarget.value)}
          />
        </>
      )}
    </Dialog>
  )
}
