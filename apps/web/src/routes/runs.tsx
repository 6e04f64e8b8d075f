import { ActionIcon } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import type { RunsFilter, RunsWhen } from '../data/runs-filter.ts'
import { trpc } from '../data/trpc.ts'
import { RunsPage } from '../features/runs/runs-page.tsx'
import { citeBesideRun } from './cite-beside-run.tsx'
import type { RunsSearch } from './search.ts'

const ObserverDrawer = lazy(async () => ({
  default: (await import('../features/observer/observer-drawer.tsx')).ObserverDrawer,
}))

const route = getRouteApi('/runs')
const none: readonly string[] = []

export function RunsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const filter = useMemo(() => filterOf(search), [search])
  const onObserve = (runId: string | null) =>
    void navigate({
      replace: true,
      search: ({ observe: _before, ...rest }: RunsSearch) => (runId === null ? rest : { ...rest, observe: runId }),
    })
  return (
    <RunsPage
      filter={filter}
      onFilter={(next) =>
        void navigate({
          replace: true,
          search: {
            ...searchOf(next),
            ...selectedOf(search.selected ?? none),
            ...(search.observe ? { observe: search.observe } : {}),
          },
        })
      }
      selected={search.selected ?? none}
      onSelect={(selected) =>
        void navigate({
          replace: true,
          search: ({ selected: _before, ...rest }: RunsSearch) => ({ ...rest, ...selectedOf(selected) }),
        })
      }
      observedId={search.observe ?? null}
      onObserve={onObserve}
      renderObserver={(runId) => <Observer key={runId} runId={runId} onClose={() => onObserve(null)} />}
    />
  )
}

function Observer({ runId, onClose }: { runId: string; onClose: () => void }) {
  const run = trpc.batch.get.useQuery({ runId })
  const cite = useMemo(() => citeBesideRun(runId), [runId])
  return (
    <Suspense fallback={null}>
      <ObserverDrawer
        runId={runId}
        subject={
          run.data && (
            <Link to="/runs/$runId" params={{ runId }} search={{ observer: true }}>
              {run.data.sessionId ?? `${run.data.suite.name} (untagged)`}
            </Link>
          )
        }
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

function filterOf({ status = [], q = '', experiment, model, suite, days, from, to }: RunsSearch): RunsFilter {
  const range: RunsWhen = from || to ? { kind: 'range', from: from ?? null, to: to ?? null } : { kind: 'any' }
  return {
    status,
    text: q,
    experiment: experiment ?? null,
    model: model ?? null,
    suiteId: suite ?? null,
    when: days ? { kind: 'days', days } : range,
  }
}

function searchOf({ status, text, experiment, model, suiteId, when }: RunsFilter): RunsSearch {
  return {
    ...(status.length > 0 ? { status: [...status] } : {}),
    ...(text ? { q: text } : {}),
    ...(experiment === null ? {} : { experiment }),
    ...(model === null ? {} : { model }),
    ...(suiteId === null ? {} : { suite: suiteId }),
    ...(when.kind === 'days' ? { days: when.days } : {}),
    ...(when.kind === 'range' && when.from !== null ? { from: when.from } : {}),
    ...(when.kind === 'range' && when.to !== null ? { to: when.to } : {}),
  }
}

function selectedOf(selected: readonly string[]): { selected?: string[] } {
  return selected.length > 0 ? { selected: [...selected] } : {}
}
