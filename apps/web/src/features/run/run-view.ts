import type { ItemSort } from '@proctor/schema'
import type { ItemFilter } from './item-filter.ts'

export const checksBy = ['type', 'tag', 'group'] as const
export type ChecksBy = (typeof checksBy)[number]

/** How the reader has arranged the page of a run; it stands in the address. */
export interface RunView {
  filter: ItemFilter
  /** Null is the order of the suite. */
  sort: ItemSort | null
  /** Names of the columns on show; null shows all. */
  columns: readonly string[] | null
  /** What the checks of the open insights are grouped by; null while the insights are closed. */
  insights: ChecksBy | null
}
