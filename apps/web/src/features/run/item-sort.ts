import { itemStateOrder, type Item, type ItemSort } from '@proctor/schema'
import { scoreOf } from './item-filter.ts'

/** What a row is sorted by: the same order as the server's. Null sorts last in both directions. */
function valueOf(item: Item, { by, criterion }: ItemSort): number | null {
  switch (by) {
    case 'state':
      return itemStateOrder.indexOf(item.state)
    case 'latency':
      return item.latencyMs
    case 'tokens':
      return item.inputTokens === null || item.outputTokens === null ? null : item.inputTokens + item.outputTokens
    case 'cost':
      return item.costMicros
    case 'checks':
      return item.validators.total > 0 ? item.validators.passed / item.validators.total : null
    case 'score':
      return criterion === undefined ? null : scoreOf(item, criterion)
    default:
      return item.position
  }
}

/** Sorts rows; ties stand by position. */
export function sortItems(items: readonly Item[], sort: ItemSort): Item[] {
  const sign = sort.descending ? -1 : 1
  return items
    .map((item) => ({ item, value: valueOf(item, sort) }))
    .toSorted((a, b) => {
      if (a.value === b.value) return a.item.position - b.item.position
      if (a.value === null) return 1
      return b.value === null ? -1 : sign * (a.value - b.value)
    })
    .map(({ item }) => item)
}

/** Big numbers are looked for in time and money, low ones in scores and checks. */
const startsDescending: ReadonlySet<ItemSort['by']> = new Set(['latency', 'tokens', 'cost', 'position'])

/** A click on a column: its telling direction, then the other one, then back to the order of the suite. */
export function nextSort(current: ItemSort | null, column: Pick<ItemSort, 'by' | 'criterion'>): ItemSort | null {
  const first = startsDescending.has(column.by)
  if (!isSortedBy(current, column)) return { ...column, descending: first }
  return current?.descending === first && column.by !== 'position' ? { ...column, descending: !first } : null
}

export function isSortedBy(sort: ItemSort | null, { by, criterion }: Pick<ItemSort, 'by' | 'criterion'>): boolean {
  return sort?.by === by && sort.criterion === criterion
}
