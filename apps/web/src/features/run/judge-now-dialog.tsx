import { SegmentedControl } from '@mantine/core'
import type { RunDetail } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { criteriaOnOffer, initialJudgeChoice, toJudgeInput } from '../../data/judge-choice.ts'
import { trpc } from '../../data/trpc.ts'
import { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { formatQuantity } from '../../ui/count.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { errorBesideJudgeFields, JudgeFields } from '../../ui/judge-fields.tsx'

/** Has the run's answers scored now: those without a verdict, or all of them again. */
export function JudgeNowDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const catalogue = useJudgeCatalogue()
  const [choice, setChoice] = useState(() => initialJudgeChoice(run.judge))
  const [scope, setScope] = useState<'unjudged' | 'all'>('unjudged')
  const utils = trpc.useUtils()
  const judge = trpc.batch.judgeRun.useMutation({
    onSuccess: () => {
      void utils.batch.get.invalidate({ runId: run.id })
      onClose()
    },
  })
  const error = judge.error ? readError(judge.error) : null
  const { counts } = run.progress
  const unjudged = counts.answered + counts.judgeFailed
  const affected = scope === 'all' ? unjudged + counts.judged : unjudged

  return (
    <Dialog
      opened
      size="lg"
      title="Judge now"
      confirm={`Judge ${formatQuantity(affected, 'answer')}`}
      isBusy={judge.isPending}
      error={errorBesideJudgeFields(error)}
      onConfirm={() =>
        judge.mutate({ runId: run.id, scope, judge: toJudgeInput(choice, catalogue.criteria, run.judge) })
      }
      onClose={onClose}
    >
      <SegmentedControl
        aria-label="Which answers"
        data={[
          { value: 'unjudged', label: `Without a verdict (${unjudged.toLocaleString('en-US')})` },
          { value: 'all', label: `All (${(unjudged + counts.judged).toLocaleString('en-US')})` },
        ]}
        value={scope}
        onChange={(value) => setScope(value === 'all' ? 'all' : 'unjudged')}
      />
      <JudgeFields
        value={choice}
        onChange={setChoice}
        models={catalogue.models}
        providers={catalogue.providers}
        criteria={criteriaOnOffer(catalogue.criteria, run.judge)}
        error={error}
      />
    </Dialog>
  )
}
