import { keepPreviousData } from '@tanstack/react-query'
import { estimateInputSchema, type ErrorBody, type Estimate } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { toRunInput, type NewRunForm } from './form.ts'
import { sumEstimates } from './sum-estimates.ts'

export interface EstimatesState {
  /** Of the models for which the form says enough. */
  byModel: { model: string; estimate: Estimate }[]
  /** All of them together; null until there is one. */
  total: Estimate | null
  isFetching: boolean
  error: ErrorBody | null
}

/** What the runs would take; asked again whenever the form comes to rest with something new. */
export function useEstimates(form: NewRunForm): EstimatesState {
  const { tag: _tag, budgetMicros: _budget, models, ...choices } = toRunInput(form)
  const asked = models.flatMap((model, index) => {
    const input = { ...choices, model }
    return estimateInputSchema.safeParse(input).success ? [{ input, index }] : []
  })
  const queries = trpc.useQueries((ask) =>
    asked.map(({ input }) => ask.batch.estimate(input, { placeholderData: keepPreviousData, staleTime: 30_000 })),
  )
  const byModel = queries.flatMap(({ data, error }, place) => {
    const model = asked[place]?.input.model
    return data && !error && model !== undefined ? [{ model, estimate: data }] : []
  })
  const failed = queries.findIndex(({ error }) => error !== null)
  return {
    byModel,
    total: sumEstimates(byModel.map(({ estimate }) => estimate)),
    isFetching: queries.some(({ isFetching }) => isFetching),
    error: failed === -1 ? null : inForm(readError(queries[failed]?.error), asked[failed]?.index ?? 0),
  }
}

/** The server speaks of the one model that it was asked about; the form has several. */
function inForm(error: ErrorBody, index: number): ErrorBody {
  return error.field === 'model' ? { ...error, field: `models.${index}` } : error
}
