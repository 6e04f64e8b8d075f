import { trpc } from './trpc.ts'

const catalogueStaleMs = 60_000

/** What can be chosen to test and to judge with: models, the state of their providers, criteria. */
export function useJudgeCatalogue() {
  const models = trpc.judge.models.useQuery(undefined, { staleTime: catalogueStaleMs })
  const criteria = trpc.judge.criteria.useQuery(undefined, { staleTime: catalogueStaleMs })
  return {
    models: models.data?.models ?? [],
    providers: models.data?.providers ?? [],
    criteria: criteria.data ?? [],
    error: models.error ?? criteria.error,
  }
}
