import { Button, NumberInput, SegmentedControl, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import type { JudgeWhen } from '@proctor/schema'
import type { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { Card, FieldRow } from '../../ui/card.tsx'
import { CriterionForm } from '../../ui/criterion-form.tsx'
import { CriteriaPicker } from '../../ui/criteria-picker.tsx'
import { ModelPicker } from '../../ui/model-picker.tsx'
import type { NewRunForm, PatchForm } from './form.ts'
import classes from './new-run.module.css'

const whens: { value: JudgeWhen; label: string; meaning: string }[] = [
  { value: 'live', label: 'Live', meaning: 'Each answer is scored as soon as it arrives, beside the next calls.' },
  { value: 'after', label: 'After', meaning: 'Scoring starts when every prompt is answered.' },
  { value: 'manual', label: 'By hand', meaning: 'Nothing is scored until you press “Judge now” on the run.' },
]

export function JudgeCard({
  form,
  patch,
  errorOf,
  catalogue,
}: {
  form: NewRunForm
  patch: PatchForm
  errorOf: (field: string) => string | null
  catalogue: ReturnType<typeof useJudgeCatalogue>
}) {
  const [adding, add] = useDisclosure(false)
  const criteria = [...catalogue.criteria, ...form.ownCriteria]
  return (
    <Card
      title="Judge"
      aside={
        <Switch
          size="xs"
          label={form.judgeOn ? 'On' : 'Off'}
          aria-label="Judge the answers"
          checked={form.judgeOn}
          onChange={(event) => patch({ judgeOn: event.currentTarget.checked })}
        />
      }
    >
      {!form.judgeOn && (
        <p className={classes['quiet']}>
          A second model scores each answer from 1 to 10 and says why. Off: only answers and validators.
        </p>
      )}
      {form.judgeOn && (
        <>
          <ModelPicker
            label="Judge model"
            value={form.judgeModel}
            onChange={(judgeModel) => patch({ judgeModel })}
            models={catalogue.models}
            providers={catalogue.providers}
            error={errorOf('judge.model')}
          />
          <CriteriaPicker
            criteria={criteria}
            value={form.criteria}
            onChange={(ids) => patch({ criteria: ids })}
            error={errorOf('judge.criteria')}
          />
          {adding ? (
            <CriterionForm
              submit="Add criterion"
              takenIds={criteria.map((criterion) => criterion.id)}
              onCancel={add.close}
              onSubmit={(criterion) => {
                patch({ ownCriteria: [...form.ownCriteria, criterion], criteria: [...form.criteria, criterion.id] })
                add.close()
              }}
            />
          ) : (
            <Button
              className={classes['start'] ?? ''}
              variant="subtle"
              color="gray"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={add.open}
            >
              Own criterion
            </Button>
          )}
          <div className={classes['when']}>
            <span className={classes['label']}>When</span>
            <SegmentedControl
              size="xs"
              aria-label="When to judge"
              data={whens.map(({ value, label }) => ({ value, label }))}
              value={form.when}
              onChange={(value) => patch({ when: whens.find((when) => when.value === value)?.value ?? 'live' })}
            />
            <span className={classes['quiet']}>{whens.find((when) => when.value === form.when)?.meaning}</span>
          </div>
          <FieldRow>
            <NumberInput
              label="Sampled share"
              suffix=" %"
              min={0}
              max={100}
              value={form.sharePercent}
              onChange={(sharePercent) => patch({ sharePercent })}
              error={errorOf('judge.sampleShare')}
            />
            <NumberInput
              label="Passes from score"
              min={1}
              max={10}
              value={form.threshold}
              onChange={(threshold) => patch({ threshold })}
              error={errorOf('judge.threshold')}
            />
          </FieldRow>
        </>
      )}
    </Card>
  )
}
