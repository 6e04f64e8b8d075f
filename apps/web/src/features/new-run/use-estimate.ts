import { keepPreviousData } from '@tanstack/react-query'
import { estimateInputSchema, type ErrorBody, type Estimate } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { toRunInput, type NewRunForm } from './form.ts'

export interface EstimateState {
  /** Null until the form says enough. */
  estimate: Estimate | null
  isFetching: boolean
  error: ErrorBody | null
}

/** What the run would take; asked again whenever the form comes to rest with something new. */
export function useEstimate(form: NewRunForm): EstimateState {
  const { tag: _tag, budgetMicros: _budget, ...choices } = toRunInput(form)
  const parsed = estimateInputSchema.safeParse(choices)
  const query = trpc.batch.estimate.useQuery(parsed.success ? choices : { suiteVersionId: '', model: '' }, {
    enabled: parsed.success,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  return {
    estimate: parsed.success && !query.error ? (query.data ?? null) : null,
    isFetching: query.isFetching,
    error: parsed.success && query.error ? readError(query.error) : null,
  }
}
