import { ActionIcon } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import { RunPage, type PanelContext } from '../features/run/run-page.tsx'
import type { RenderCitation } from '../features/observer/entry.tsx'
import type { RunView } from '../features/run/run-view.ts'
import { fromRunView, toRunView, type RunSearch } from './run-search.ts'

const route = getRouteApi('/runs/$runId')
// Markdown comes with the panel, not with the page.
const ObserverDrawer = lazy(async () => ({
  default: (await import('../features/observer/observer-drawer.tsx')).ObserverDrawer,
}))
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
          ...(current.observer ? { observer: current.observer } : {}),
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
  const onObserve = useCallback(
    (isObserving: boolean) =>
      void navigate({
        replace: true,
        search: ({ observer: _observer, ...rest }: RunSearch) => (isObserving ? { ...rest, observer: true } : rest),
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
      isObserving={search.observer === true}
      onObserve={onObserve}
      renderObserver={() => <Observer runId={runId} onOpenItem={onOpenItem} onClose={() => onObserve(false)} />}
    />
  )
}

function Observer({
  runId,
  onOpenItem,
  onClose,
}: {
  runId: string
  onOpenItem: (id: string) => void
  onClose: () => void
}) {
  const cite = useCallback<RenderCitation>(
    ({ itemId, caseId }, label) => (
      <Link
        to="/runs/$runId"
        params={{ runId }}
        search={(current: RunSearch) => ({ ...current, observer: true as const, item: itemId })}
        title={caseId}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          onOpenItem(itemId)
        }}
      >
        {label}
      </Link>
    ),
    [runId, onOpenItem],
  )
  return (
    <Suspense fallback={null}>
      <ObserverDrawer
        runId={runId}
        renderCitation={cite}
        onClose={onClose}
        renderPageLink={(icon, label) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={label}
            renderRoot={(props) => <Link to="/runs/$runId/observer" params={{ runId }} {...props} />}
          >
            {icon}
          </ActionIcon>
        )}
      />
    </Suspense>
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
