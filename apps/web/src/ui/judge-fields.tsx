import { NumberInput } from '@mantine/core'
import type { Criterion, ErrorBody, ModelInfo, ProviderStatus } from '@proctor/schema'
import { errorOfField } from '../data/errors.ts'
import type { JudgeChoice } from '../data/judge-choice.ts'
import { CriteriaPicker } from './criteria-picker.tsx'
import { fieldError } from './error-notice.tsx'
import { ModelPicker } from './model-picker.tsx'

const fieldNames = ['model', 'criteria', 'threshold'].flatMap((name) => [name, `judge.${name}`])

/** The error, unless it stands at one of the judge's fields already. */
export function errorBesideJudgeFields(error: ErrorBody | null): ErrorBody | null {
  return errorOfField(error, ...fieldNames) ? null : error
}

/** Judge model, criteria and threshold: what every way to ask for a verdict needs. */
export function JudgeFields({
  value,
  onChange,
  models,
  providers,
  criteria,
  error,
}: {
  value: JudgeChoice
  onChange: (value: JudgeChoice) => void
  models: readonly ModelInfo[]
  providers: readonly ProviderStatus[]
  criteria: readonly Criterion[]
  error: ErrorBody | null
}) {
  return (
    <>
      <ModelPicker
        label="Judge model"
        value={value.model}
        onChange={(model) => onChange({ ...value, model })}
        models={models}
        providers={providers}
        error={fieldError(errorOfField(error, 'judge.model', 'model'))}
      />
      <CriteriaPicker
        criteria={criteria}
        value={value.criteria}
        onChange={(ids) => onChange({ ...value, criteria: ids })}
        error={fieldError(errorOfField(error, 'judge.criteria', 'criteria'))}
      />
      <NumberInput
        label="Passes from score"
        min={1}
        max={10}
        maw={140}
        value={value.threshold}
        onChange={(threshold) => onChange({ ...value, threshold })}
        error={fieldError(errorOfField(error, 'judge.threshold', 'threshold'))}
      />
    </>
  )
}
