import { Button, CloseButton } from '@mantine/core'
import type { RunNote } from '@proctor/schema'
import { useEffect, useState } from 'react'
import { trpc } from '../../data/trpc.ts'
import { Notice } from '../../ui/notice.tsx'
import classes from './note-strip.module.css'

/** What the assistant said by itself a moment ago, until it is read or put away. */
export function NoteStrip({
  runId,
  note,
  isObserving,
  onObserve,
}: {
  runId: string
  note: RunNote | null
  isObserving: boolean
  onObserve: () => void
}) {
  const [seenId, setSeenId] = useState<string | null>(null)
  const utils = trpc.useUtils()
  const entryId = note?.entryId ?? null
  useEffect(() => {
    if (entryId !== null) void utils.observer.get.invalidate({ runId })
  }, [entryId, runId, utils])
  if (!note || isObserving || note.entryId === seenId) return null
  return (
    <Notice tone={note.kind === 'milestone' ? 'quiet' : 'fair'}>
      <div className={classes['strip']} data-testid="note-strip">
        <span>
          {/* The conversation shows it as Markdown; here it is one line of text. */}
          <strong>Assistant:</strong> {note.text.replaceAll(/\\([\\`*_[\]<>#|~])/g, '$1')}
        </span>
        <Button size="compact-xs" onClick={onObserve}>
          Open
        </Button>
        <CloseButton size="sm" aria-label="Put the note away" onClick={() => setSeenId(note.entryId)} />
      </div>
    </Notice>
  )
}
