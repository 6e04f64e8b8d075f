/** Plain values, apart from the schemas: a page that needs one of them need not load zod. */

export const minScore = 1
export const maxScore = 10
export const defaultThreshold = 7

export const maxPageSize = 500

export const validatorTypes = [
  'equals',
  'contains',
  'not-contains',
  'regex',
  'json-schema',
  'numeric',
  'max-words',
] as const

/** What the rows of a run can be sorted by. */
export const itemSortKeys = ['position', 'state', 'latency', 'tokens', 'cost', 'checks', 'score'] as const

/** States in the order in which they sort: what needs a look first. */
export const itemStateOrder = ['failed', 'judge_failed', 'running', 'pending', 'answered', 'judged'] as const
