import type { JudgeSettings } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../data/errors.ts'
import { criteriaOnOffer, initialJudgeChoice, toJudgeInput } from '../data/judge-choice.ts'
import { trpc } from '../data/trpc.ts'
import { useJudgeCatalogue } from '../data/use-judge-catalogue.ts'
import { Dialog } from './dialog.tsx'
import { errorBesideJudgeFields, JudgeFields } from './judge-fields.tsx'

/** Asks a judge for its verdict on this one answer, now. */
export function JudgeAnswer({
  settings,
  messageId,
  onClose,
}: {
  /** The judge to start from: the run's own, where there is a run with one. */
  settings: JudgeSettings | null
  messageId: string
  onClose: () => void
}) {
  const catalogue = useJudgeCatalogue()
  const [choice, setChoice] = useState(() => initialJudgeChoice(settings))
  const judge = trpc.judge.judgeMessage.useMutation({ onSuccess: onClose })
  const error = judge.error ? readError(judge.error) : null
  return (
    <Dialog
      opened
      size="lg"
      title="Judge this answer"
      confirm="Judge"
      isBusy={judge.isPending}
      error={errorBesideJudgeFields(error)}
      onConfirm={() => judge.mutate({ messageId, ...toJudgeInput(choice, catalogue.criteria, settings) })}
      onClose={onClose}
    >
      <JudgeFields
        value={choice}
        onChange={setChoice}
        models={catalogue.models}
        providers={catalogue.providers}
        criteria={criteriaOnOffer(catalogue.criteria, settings)}
        error={error}
      />
    </Dialog>
  )
}
