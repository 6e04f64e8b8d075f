import { keepPreviousData } from '@tanstack/react-query'
import { IconListCheck, IconListDetails, IconMessages, type Icon } from '@tabler/icons-react'
import type { NavigateOptions } from '@tanstack/react-router'
import { trpc } from '../../data/trpc.ts'

const perGroup = 6

interface FoundEntry {
  id: string
  name: string
  detail: string
  link: NavigateOptions
}

interface FoundGroup {
  label: string
  icon: Icon
  entries: FoundEntry[]
}

/** Runs, suites and sessions whose names hold the text; the newest ones while there is none. */
export function useFound(text: string): { groups: FoundGroup[]; isSearching: boolean; error: unknown } {
  const named = { limit: perGroup, ...(text ? { text } : {}) }
  const options = { placeholderData: keepPreviousData }
  const runs = trpc.batch.list.useQuery(named, options)
  const sessions = trpc.session.list.useQuery(named, { ...options, enabled: text !== '' })
  const suites = trpc.batch.suites.list.useQuery({ limit: 200 }, options)
  const lower = text.toLowerCase()

  const groups: FoundGroup[] = [
    {
      label: text ? 'Runs' : 'Newest runs',
      icon: IconListDetails,
      entries: (runs.data?.items ?? []).map((run) => ({
        id: run.id,
        name: run.sessionId ?? `${run.suite.name} (untagged)`,
        detail: [run.experimentName, run.model, run.suite.name, run.status].filter((part) => part !== null).join(', '),
        link: { to: '/runs/$runId', params: { runId: run.id } },
      })),
    },
    {
      label: 'Suites',
      icon: IconListCheck,
      entries: (text ? (suites.data?.items ?? []) : [])
        .filter(({ name }) => name.toLowerCase().includes(lower))
        .slice(0, perGroup)
        .map((suite) => ({
          id: suite.id,
          name: suite.name,
          detail: `version ${suite.version}, ${suite.caseCount} cases`,
          link: { to: '/suites/$versionId', params: { versionId: suite.versionId } },
        })),
    },
    {
      label: 'Sessions',
      icon: IconMessages,
      entries: (text ? (sessions.data?.items ?? []) : []).map((session) => ({
        id: session.sessionId,
        name: session.sessionId,
        detail: session.experimentName ?? 'no experiment',
        link: { to: '/sessions/$sessionId', params: { sessionId: session.sessionId } },
      })),
    },
  ]
  return {
    groups: groups.filter(({ entries }) => entries.length > 0),
    isSearching: runs.isFetching || sessions.isFetching || suites.isFetching,
    error: runs.error ?? sessions.error ?? suites.error ?? null,
  }
}
