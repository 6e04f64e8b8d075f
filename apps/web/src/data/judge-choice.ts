import { defaultThreshold, type Criterion, type JudgeSettings } from '@proctor/schema'

/** A judge as a small form holds it. */
export interface JudgeChoice {
  model: string
  criteria: string[]
  threshold: number | string
}

/** Starts from the run's own judge, where it has one. */
export function initialJudgeChoice(settings: JudgeSettings | null): JudgeChoice {
  return {
    model: settings?.model ?? '',
    criteria: settings?.criteria.map((criterion) => criterion.id) ?? ['helpfulness', 'accuracy', 'clarity'],
    threshold: settings?.threshold ?? defaultThreshold,
  }
}

/** Built-in criteria and the run's own ones. */
export function criteriaOnOffer(builtIn: readonly Criterion[], settings: JudgeSettings | null): Criterion[] {
  const own = settings?.criteria.filter((criterion) => !builtIn.some(({ id }) => id === criterion.id)) ?? []
  return [...builtIn, ...own]
}

/** As the server takes it: built-in criteria by id, own ones spelled out. */
export function toJudgeInput(choice: JudgeChoice, builtIn: readonly Criterion[], settings: JudgeSettings | null) {
  const onOffer = criteriaOnOffer(builtIn, settings)
  return {
    model: choice.model.trim(),
    threshold: choice.threshold === '' ? Number.NaN : Number(choice.threshold),
    criteria: choice.criteria.map((id) => {
      const isBuiltIn = builtIn.some((criterion) => criterion.id === id)
      return isBuiltIn ? id : (onOffer.find((criterion) => criterion.id === id) ?? id)
    }),
  }
}
