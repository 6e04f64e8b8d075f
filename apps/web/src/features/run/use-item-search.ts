import { useMemo } from 'react'
import { refreshMs, useFollowRun } from '../../data/use-follow-run.ts'
import type { LiveRun } from '../../data/run-reducer.ts'
import { trpc } from '../../data/trpc.ts'
import { casesPart, type ItemFilter, type ServerMatches } from './item-filter.ts'

/** Shorter texts are in nearly every answer. */
const minSearchLength = 2

/** Asks the server for what the loaded rows cannot say: whole texts, tags, groups, and which check failed. */
export function useItemSearch(runId: string, filter: ItemFilter, live: LiveRun, enabled: boolean) {
  const cases = casesPart(filter)
  const searchesText = enabled && filter.text.trim().length >= minSearchLength
  const searchesCases = enabled && cases !== null
  const texts = trpc.batch.itemPositions.useQuery({ runId, text: filter.text }, { enabled: searchesText })
  const fitting = trpc.batch.itemPositions.useQuery({ runId, ...cases }, { enabled: searchesCases })
  const every = refreshMs(live)
  useFollowRun(live, every, searchesText, texts.refetch)
  useFollowRun(live, every, searchesCases, fitting.refetch)

  const textPositions = searchesText ? texts.data?.positions : undefined
  const casePositions = searchesCases ? fitting.data?.positions : undefined
  const matches = useMemo<ServerMatches>(
    () => ({
      text: textPositions ? new Set(textPositions) : null,
      cases: casePositions ? new Set(casePositions) : null,
    }),
    [textPositions, casePositions],
  )
  const error = (searchesText ? texts.error : null) ?? (searchesCases ? fitting.error : null)
  const isPending = (searchesText && texts.isLoading) || (searchesCases && fitting.isLoading)
  return { matches, isPending, isSearching: isPending, error }
}
