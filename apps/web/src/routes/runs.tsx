import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { RunsFilter, RunsWhen } from '../data/runs-filter.ts'
import { RunsPage } from '../features/runs/runs-page.tsx'
import type { RunsSearch } from './search.ts'

const route = getRouteApi('/runs')
const none: readonly string[] = []

export function RunsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const filter = useMemo(() => filterOf(search), [search])
  return (
    <RunsPage
      filter={filter}
      onFilter={(next) =>
        void navigate({ replace: true, search: { ...searchOf(next), ...selectedOf(search.selected ?? none) } })
      }
      selected={search.selected ?? none}
      onSelect={(selected) =>
        void navigate({
          replace: true,
          search: ({ selected: _before, ...rest }: RunsSearch) => ({ ...rest, ...selectedOf(selected) }),
        })
      }
    />
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
