import { FileInput } from '@mantine/core'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatQuantity } from '../../ui/count.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { parseSuite, type ParsedSuite } from './parse-suite.ts'

/** Reads a suite file, shows what is in it, and saves it only when told to. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [parsed, setParsed] = useState<ParsedSuite | null>(null)
  const utils = trpc.useUtils()
  const save = trpc.batch.suites.create.useMutation({
    onSuccess: async () => {
      await utils.batch.suites.list.invalidate()
      setParsed(null)
      onClose()
    },
  })
  const choose = async (file: File | null) => setParsed(file && parseSuite(await file.text(), file.name))

  return (
    <Dialog
      opened={opened}
      title="Import a suite"
      confirm="Import"
      isBusy={save.isPending}
      error={save.error && readError(save.error)}
      onConfirm={() => {
        if (parsed?.ok) save.mutate(parsed.request)
        else setParsed(parsed ?? { ok: false, problems: ['Choose a file first.'] })
      }}
      onClose={onClose}
    >
      <FileInput
        label="File"
        description="JSON with name and cases, or JSON Lines with a case a line: { id, prompt, expected?, validators? … }"
        placeholder="Choose a .json or .jsonl file"
        accept=".json,.jsonl,.ndjson,application/json"
        clearable
        onChange={(file) => void choose(file)}
      />
      {parsed?.ok && (
        <Notice>
          <strong>{parsed.suite.name}</strong>: {formatQuantity(parsed.suite.cases.length, 'case')},{' '}
          {formatQuantity(
            parsed.suite.cases.reduce((sum, entry) => sum + entry.validators.length, 0),
            'validator',
          )}
          . A suite of this name gets a new version if something changed.
        </Notice>
      )}
      {parsed && !parsed.ok && (
        <Notice tone="fair">
          <strong>Nothing can be imported yet.</strong>
          <ul>
            {parsed.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
    </Dialog>
  )
}
