import type { FailureKind, Item, ItemState } from '@proctor/schema'
import type { LiveRun } from '../../data/run-reducer.ts'

export interface ItemFilter {
  state: readonly ItemState[]
  kind: FailureKind | null
  text: string
}

export const noFilter: ItemFilter = { state: [], kind: null, text: '' }

export function isFiltering(filter: ItemFilter): boolean {
  return filter.state.length > 0 || filter.kind !== null || filter.text !== ''
}

/**
 * The rows to show, in order. Rows that an event brought before their page was loaded are held back,
 * so that rows are only ever added at the end.
 */
export function visibleItems(live: LiveRun, loadedThrough: number, filter: ItemFilter): Item[] {
  const text = filter.text.toLowerCase()
  const rows: Item[] = []
  for (const id of live.order) {
    const item = live.items.get(id)
    if (!item || item.position > loadedThrough) break
    if (fits(item, filter, text)) rows.push(item)
  }
  return rows
}

function fits(item: Item, filter: ItemFilter, text: string): boolean {
  if (filter.state.length > 0 && !filter.state.includes(item.state)) return false
  if (filter.kind !== null && item.failure?.kind !== filter.kind) return false
  if (text === '') return true
  return [item.caseId, item.promptPreview, item.answerPreview, item.failure?.message].some((part) =>
    part?.toLowerCase().includes(text),
  )
}
