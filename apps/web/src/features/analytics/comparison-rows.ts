import type { Quality, SessionSummary } from '@proctor/schema'

export interface ComparisonRow {
  criterion: string
  judgeModel: string
  /** By session; null where this judge has not scored this criterion. */
  cells: (Quality | null)[]
}

/** Only what one judge said of one criterion can be compared, so each pair of them is a row. */
export function rowsOf(sessions: readonly Pick<SessionSummary, 'quality'>[]): ComparisonRow[] {
  const keyOf = ({ criterion, judgeModel }: Quality) => JSON.stringify([criterion, judgeModel])
  const first = new Map(sessions.flatMap(({ quality }) => quality).map((entry) => [keyOf(entry), entry]))
  return [...first.entries()]
    .map(([key, { criterion, judgeModel }]) => ({
      criterion,
      judgeModel,
      cells: sessions.map(({ quality }) => quality.find((entry) => keyOf(entry) === key) ?? null),
    }))
    .toSorted((a, b) => a.criterion.localeCompare(b.criterion) || a.judgeModel.localeCompare(b.judgeModel))
}
