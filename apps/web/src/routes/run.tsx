import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import type { ItemFilter } from '../features/run/item-filter.ts'
import { RunPage, type PanelContext } from '../features/run/run-page.tsx'
import type { RunSearch } from './search.ts'

const route = getRouteApi('/runs/$runId')
// Markdown comes with the panel, not with the page.
const ItemPanel = lazy(async () => ({ default: (await import('../features/item/item-panel.tsx')).ItemPanel }))

export function RunRoute() {
  const { runId } = route.useParams()
  const { state, kind, q, item } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = useMemo<ItemFilter>(
    () => ({ state: state ?? [], kind: kind ?? null, text: q ?? '' }),
    [state, kind, q],
  )

  const onFilter = (next: ItemFilter) =>
    void navigate({ replace: true, search: { ...searchOf(next), ...(item ? { item } : {}) } })
  const onOpenItem = useCallback(
    (id: string | null) =>
      void navigate({
        replace: true,
        search: ({ item: _item, ...rest }: RunSearch) => (id === null ? rest : { ...rest, item: id }),
      }),
    [navigate],
  )
  return (
    <RunPage
      key={runId}
      runId={runId}
      filter={filter}
      onFilter={onFilter}
      openItemId={item ?? null}
      onOpenItem={onOpenItem}
      renderPanel={renderPanel}
    />
  )
}

function renderPanel({ run, item, onMove, onClose }: PanelContext) {
  return (
    <Suspense fallback={null}>
      <ItemPanel key={item.id} run={run} item={item} onMove={onMove} onClose={onClose} />
    </Suspense>
  )
}

function searchOf(filter: ItemFilter): RunSearch {
  return {
    ...(filter.state.length > 0 ? { state: [...filter.state] } : {}),
    ...(filter.kind ? { kind: filter.kind } : {}),
    ...(filter.text ? { q: filter.text } : {}),
  }
}
