import { useDebouncedValue } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import type { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { Card } from '../../ui/card.tsx'
import { EstimateCard } from './estimate-card.tsx'
import { checkForm, messageOf, toRunInput, type FieldErrors, type NewRunForm, type PatchForm } from './form.ts'
import { JudgeCard } from './judge-card.tsx'
import { ModelsField } from './models-field.tsx'
import { SettingsCard } from './settings-card.tsx'
import { SuitePicker } from './suite-picker.tsx'
import { TagCard } from './tag-card.tsx'
import { useEstimates } from './use-estimates.ts'
import classes from './new-run.module.css'

const noChecks: FieldErrors = new Map()
const estimateDelayMs = 350

export function NewRunFormView({
  initial,
  catalogue,
}: {
  initial: NewRunForm
  catalogue: ReturnType<typeof useJudgeCatalogue>
}) {
  const navigate = useNavigate()
  const [form, setForm] = useState(initial)
  const [tried, setTried] = useState(false)
  const create = trpc.batch.createMany.useMutation({
    onSuccess: ({ runs }) => {
      const [first, second] = runs
      if (first && !second) void navigate({ to: '/runs/$runId', params: { runId: first.runId } })
      else if (first)
        void navigate({ to: '/runs', search: first.experimentName ? { experiment: first.experimentName } : {} })
    },
  })
  const [settled] = useDebouncedValue(form, estimateDelayMs)
  const estimates = useEstimates(settled)

  const checks = tried ? checkForm(form) : noChecks
  const serverError = create.error ? readError(create.error) : null
  const errorOf = (field: string) => messageOf(field, checks, serverError ?? estimates.error)
  const patch: PatchForm = (change) => {
    setForm((before) => ({ ...before, ...change }))
    if (create.error) create.reset()
  }

  function start() {
    setTried(true)
    if (checkForm(form).size === 0) create.mutate(toRunInput(form))
    else
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('[aria-invalid="true"], [data-error="true"]')?.focus(),
      )
  }

  return (
    <form
      className={classes['columns']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
      onKeyDown={(event) => {
        // From anywhere in the form, a text of several lines included.
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <div className={classes['main']}>
        <Card title="What to test">
          <ModelsField models={form.models} patch={patch} errorOf={errorOf} catalogue={catalogue} />
          <SuitePicker
            value={form.suiteVersionId}
            onChange={(suiteVersionId) => patch({ suiteVersionId })}
            error={errorOf('suiteVersionId')}
          />
        </Card>
        <TagCard form={form} patch={patch} errorOf={errorOf} />
        <JudgeCard form={form} patch={patch} errorOf={errorOf} catalogue={catalogue} />
        <SettingsCard form={form} patch={patch} errorOf={errorOf} />
      </div>
      <EstimateCard
        estimates={estimates}
        budgetUsd={form.budgetUsd}
        isStarting={create.isPending || create.isSuccess}
        invalidCount={checks.size}
        error={serverError}
      />
    </form>
  )
}
