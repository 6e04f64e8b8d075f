import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core'
import { IconArrowsDiff, IconThumbDown, IconThumbDownFilled, IconThumbUp, IconThumbUpFilled } from '@tabler/icons-react'
import type { Feedback as Opinion, FeedbackVerdict, Judgment } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { ErrorNotice } from '../error-notice.tsx'
import { useShortcuts } from '../shortcuts.ts'
import { disagreement } from './disagreement.ts'
import classes from './feedback.module.css'

const noJudgments: readonly Judgment[] = []

/** A person's thumb and note on an answer, saved at once; says where it goes against the judge. */
export function Feedback({
  messageId,
  judgments = noJudgments,
  withKeys = false,
}: {
  messageId: string
  /** The current ones. */
  judgments?: readonly Judgment[]
  /** Keys 1 and 2: for the one answer that a page is about. */
  withKeys?: boolean
}) {
  const utils = trpc.useUtils()
  const query = trpc.judge.feedback.get.useQuery({ messageId })
  const set = trpc.judge.feedback.set.useMutation({
    // Shown at once; put back when it could not be saved.
    onMutate: async ({ verdict, note }) => {
      await utils.judge.feedback.get.cancel({ messageId })
      const before = utils.judge.feedback.get.getData({ messageId })
      const createdAt = new Date().toISOString()
      const next = verdict === null ? null : { messageId, verdict, note: note ?? null, createdAt }
      utils.judge.feedback.get.setData({ messageId }, next)
      return { before }
    },
    onError: (_error, _input, context) => utils.judge.feedback.get.setData({ messageId }, context?.before),
    onSuccess: (saved) => utils.judge.feedback.get.setData({ messageId }, saved),
  })
  const opinion = query.data ?? null
  const toggle = (verdict: FeedbackVerdict) =>
    set.mutate(
      opinion?.verdict === verdict ? { messageId, verdict: null } : { messageId, verdict, note: opinion?.note ?? null },
    )
  useShortcuts(withKeys ? { 1: () => toggle('up'), 2: () => toggle('down') } : {})

  const against = disagreement(opinion?.verdict ?? null, judgments)
  const error = set.error ?? query.error
  return (
    <div className={classes['feedback']} role="group" aria-label="Your feedback">
      <div className={classes['thumbs']}>
        <Thumb verdict="up" opinion={opinion} hint={withKeys ? ' (1)' : ''} onClick={toggle} />
        <Thumb verdict="down" opinion={opinion} hint={withKeys ? ' (2)' : ''} onClick={toggle} />
        {opinion && (
          <Note
            key={opinion.note}
            note={opinion.note}
            onSave={(note) => set.mutate({ messageId, verdict: opinion.verdict, note })}
          />
        )}
      </div>
      {against !== null && (
        <p className={classes['against']} role="status">
          <IconArrowsDiff size={15} aria-hidden /> {against}
        </p>
      )}
      {error && (
        <ErrorNotice
          error={readError(error)}
          action={query.error && <Button onClick={() => void query.refetch()}>Try again</Button>}
        />
      )}
    </div>
  )
}

const thumbs = {
  up: { name: 'Good answer', icon: IconThumbUp, chosen: IconThumbUpFilled },
  down: { name: 'Bad answer', icon: IconThumbDown, chosen: IconThumbDownFilled },
}

function Thumb({
  verdict,
  opinion,
  hint,
  onClick,
}: {
  verdict: FeedbackVerdict
  opinion: Opinion | null
  hint: string
  onClick: (verdict: FeedbackVerdict) => void
}) {
  const { name, icon, chosen } = thumbs[verdict]
  const isChosen = opinion?.verdict === verdict
  const ThumbIcon = isChosen ? chosen : icon
  return (
    <Tooltip label={`${name}${hint}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes['thumb'] ?? ''}
        data-chosen={isChosen ? verdict : undefined}
        aria-label={name}
        aria-pressed={isChosen}
        onClick={() => onClick(verdict)}
      >
        <ThumbIcon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

/** Saved when it is left or with Enter. */
function Note({ note, onSave }: { note: string | null; onSave: (note: string | null) => void }) {
  const [draft, setDraft] = useState(note ?? '')
  return (
    <TextInput
      size="xs"
      className={classes['note'] ?? ''}
      aria-label="Note"
      placeholder="Why? (a note, saved when you leave it)"
      maxLength={5000}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
      onBlur={() => {
        const text = draft.trim() || null
        if (text !== note) onSave(text)
      }}
    />
  )
}
