import { ActionIcon } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import { RunPage, type PanelContext } from '../features/run/run-page.tsx'
import type { RunView } from '../features/run/run-view.ts'
import { fromRunView, toRunView, type RunSearch } from './run-search.ts'

const route = getRouteApi('/runs/$runId')
// Markdown comes with the panel, not with the page.
const ItemPanel = lazy(async () => ({ default: (await import('../features/item/item-panel.tsx')).ItemPanel }))

export function RunRoute() {
  const { runId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const view = useMemo(() => toRunView(search), [search])

  const onView = useCallback(
    (change: Partial<RunView>) =>
      void navigate({
        replace: true,
        search: (current: RunSearch) => ({
          ...fromRunView({ ...toRunView(current), ...change }),
          ...(current.item ? { item: current.item } : {}),
        }),
      }),
    [navigate],
  )
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
      view={view}
      onView={onView}
      openItemId={search.item ?? null}
      onOpenItem={onOpenItem}
      renderPanel={(context) => <Panel {...context} search={search} />}
    />
  )
}

function Panel({ run, item, onMove, onClose, search }: PanelContext & { search: RunSearch }) {
  const { item: _item, ...rest } = search
  return (
    <Suspense fallback={null}>
      <ItemPanel
        key={item.id}
        run={run}
        item={item}
        onMove={onMove}
        onClose={onClose}
        renderPageLink={(icon, label) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={label}
            renderRoot={(props) => (
              <Link
                to="/runs/$runId/items/$itemId"
                params={{ runId: run.id, itemId: item.id }}
                search={rest}
                {...props}
              />
            )}
          >
            {icon}
          </ActionIcon>
        )}
      />
    </Suspense>
  )
}
