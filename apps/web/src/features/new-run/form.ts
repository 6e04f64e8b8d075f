import {
  createRunsInputSchema,
  defaultThreshold,
  type Criterion,
  type ErrorBody,
  type JudgeWhen,
  type RunDetail,
  type TagOptions,
} from '@proctor/schema'
import { errorOfField } from '../../data/errors.ts'
import type { Inputs } from '../../data/trpc.ts'
import { fieldError } from '../../ui/error-notice.tsx'

/** The form as it is typed: numbers may be empty, money is in dollars, shares in percent. */
export interface NewRunForm {
  /** One, or several to compare. */
  models: string[]
  suiteVersionId: string | null
  tagMode: TagOptions['mode']
  sessionId: string
  experimentName: string
  judgeOn: boolean
  judgeModel: string
  criteria: string[]
  ownCriteria: Criterion[]
  when: JudgeWhen
  sharePercent: number | string
  threshold: number | string
  concurrency: number | string
  repeats: number | string
  temperature: number | string
  maxOutputTokens: number | string
  systemPrompt: string
  budgetUsd: number | string
  useCache: boolean
}

export type PatchForm = (change: Partial<NewRunForm>) => void

/** Messages by dotted path of the input field. */
export type FieldErrors = ReadonlyMap<string, string>

export const emptyForm: NewRunForm = {
  models: [''],
  suiteVersionId: null,
  tagMode: 'auto',
  sessionId: '',
  experimentName: '',
  judgeOn: false,
  judgeModel: '',
  criteria: ['helpfulness', 'accuracy', 'clarity'],
  ownCriteria: [],
  when: 'live',
  sharePercent: 100,
  threshold: defaultThreshold,
  concurrency: 8,
  repeats: 1,
  temperature: '',
  maxOutputTokens: 1024,
  systemPrompt: '',
  budgetUsd: '',
  useCache: false,
}

/** Prefills from an earlier run. A hand-made session id is kept; an automatic tag is made anew. */
export function formFromRun(run: RunDetail, builtIn: readonly Criterion[]): NewRunForm {
  const { judge, call } = run
  const isAutomatic = run.sessionId?.startsWith('batch-') ?? false
  const manualOrNone = run.sessionId === null ? 'none' : 'manual'
  return {
    ...emptyForm,
    models: [run.model],
    suiteVersionId: run.suite.versionId,
    tagMode: isAutomatic ? 'auto' : manualOrNone,
    sessionId: isAutomatic ? '' : (run.sessionId ?? ''),
    experimentName: run.experimentName ?? '',
    judgeOn: judge !== null,
    ...(judge && {
      judgeModel: judge.model,
      criteria: judge.criteria.map((criterion) => criterion.id),
      ownCriteria: judge.criteria.filter((criterion) => !builtIn.some((known) => known.id === criterion.id)),
      when: judge.when,
      sharePercent: judge.sampleShare * 100,
      threshold: judge.threshold,
    }),
    concurrency: run.concurrency,
    repeats: run.repeats,
    temperature: call.temperature ?? '',
    maxOutputTokens: call.maxOutputTokens,
    systemPrompt: call.systemPrompt ?? '',
    useCache: call.useCache ?? false,
    budgetUsd: run.budgetMicros === null ? '' : run.budgetMicros / 1_000_000,
  }
}

/** The form as the server takes it; what is missing or wrong is found by the shared schema, not here. */
export function toRunInput(form: NewRunForm): Inputs['batch']['createMany'] {
  const experimentName = form.experimentName.trim()
  const experiment = experimentName ? { experimentName } : {}
  const tags: Record<TagOptions['mode'], TagOptions> = {
    auto: { mode: 'auto', ...experiment },
    manual: { mode: 'manual', sessionId: form.sessionId.trim(), ...experiment },
    none: { mode: 'none' },
  }
  return {
    suiteVersionId: form.suiteVersionId ?? '',
    models: form.models.map((model) => model.trim()),
    repeats: number(form.repeats),
    call: {
      maxOutputTokens: number(form.maxOutputTokens),
      ...(form.temperature === '' ? {} : { temperature: number(form.temperature) }),
      ...(form.systemPrompt.trim() ? { systemPrompt: form.systemPrompt } : {}),
      ...(form.useCache ? { useCache: true } : {}),
    },
    judge: form.judgeOn
      ? {
          model: form.judgeModel.trim(),
          criteria: form.criteria.map((id) => form.ownCriteria.find((own) => own.id === id) ?? id),
          when: form.when,
          sampleShare: number(form.sharePercent) / 100,
          threshold: number(form.threshold),
        }
      : null,
    tag: tags[form.tagMode],
    concurrency: number(form.concurrency),
    budgetMicros: form.budgetUsd === '' ? null : Math.round(number(form.budgetUsd) * 1_000_000),
  }
}

/** What the shared schema says about the form, by field. */
export function checkForm(form: NewRunForm): FieldErrors {
  const result = createRunsInputSchema.safeParse(toRunInput(form))
  const errors = new Map<string, string>()
  if (!result.success)
    for (const issue of result.error.issues) {
      const path = issue.path.join('.')
      if (!errors.has(path)) errors.set(path, issue.message)
    }
  return errors
}

/** The message for a field (or anything inside of it): the form's own check first, then the server's answer. */
export function messageOf(field: string, checks: FieldErrors, server: ErrorBody | null): string | null {
  for (const [path, message] of checks) if (path === field || path.startsWith(`${field}.`)) return message
  return fieldError(errorOfField(server, field))
}

/** An empty number field is no number, which the schema then refuses in its own words. */
function number(value: number | string): number {
  return value === '' ? Number.NaN : Number(value)
}
