import type { RunStatus } from '@proctor/schema'
import type { Inputs } from './trpc.ts'

/** What the list of runs is narrowed down to. */
export interface RunsFilter {
  status: readonly RunStatus[]
  text: string
  experiment: string | null
  model: string | null
  suiteId: string | null
  when: RunsWhen
}

/** Any time, the last so many days (today is 1), or the days from and to, both included; days are in local time. */
export type RunsWhen =
  | { kind: 'any' }
  | { kind: 'days'; days: 1 | 7 | 30 }
  | { kind: 'range'; from: string | null; to: string | null }

export const noRunsFilter: RunsFilter = {
  status: [],
  text: '',
  experiment: null,
  model: null,
  suiteId: null,
  when: { kind: 'any' },
}

export function isFilteringRuns(filter: RunsFilter): boolean {
  const { status, text, experiment, model, suiteId, when } = filter
  return status.length > 0 || text !== '' || (experiment ?? model ?? suiteId) !== null || when.kind !== 'any'
}

/** The filter as the server takes it. */
export function toRunsInput(filter: RunsFilter, today: Date): Omit<Inputs['batch']['list'], 'cursor' | 'limit'> {
  const { status, text, experiment, model, suiteId, when } = filter
  return {
    ...(status.length > 0 ? { status: [...status] } : {}),
    ...(text ? { text } : {}),
    ...(experiment === null ? {} : { experimentName: experiment }),
    ...(model === null ? {} : { model }),
    ...(suiteId === null ? {} : { suiteId }),
    ...spanOf(when, today),
  }
}

function spanOf(when: RunsWhen, today: Date): { from?: string; to?: string } {
  if (when.kind === 'any') return {}
  if (when.kind === 'days')
    return { from: new Date(today.getFullYear(), today.getMonth(), today.getDate() - when.days + 1).toISOString() }
  return {
    ...(when.from === null ? {} : { from: startOf(when.from, 0).toISOString() }),
    ...(when.to === null ? {} : { to: startOf(when.to, 1).toISOString() }),
  }
}

/** Midnight of a day like 2026-11-23 (plus some days), where the reader is. */
function startOf(day: string, plusDays: number): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + plusDays)
}
