import type { ItemSort } from '@proctor/schema'
import type { ItemFilter } from './item-filter.ts'

/** How the reader has arranged the page of a run; it stands in the address. */
export interface RunView {
  filter: ItemFilter
  /** Null is the order of the suite. */
  sort: ItemSort | null
  /** Names of the columns on show; null shows all. */
  columns: readonly string[] | null
  showsInsights: boolean
}
