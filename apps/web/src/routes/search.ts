import type { MessageRole, RunStatus } from '@proctor/schema'
import { runStatuses } from '../data/run-status.ts'

/** Search parameters come from links that people type and mend: what does not fit is left out. */
export interface RunsSearch {
  status?: RunStatus[]
  q?: string
  experiment?: string
  model?: string
  suite?: string
  /** The last so many days, or the days (UTC) from and to, both included. */
  days?: RunsDays
  from?: string
  to?: string
  /** The runs that are selected. */
  selected?: string[]
  /** The run that the assistant is open for. */
  observe?: string
}

const daysOnOffer = [1, 7, 30] as const
export type RunsDays = (typeof daysOnOffer)[number]

export interface NewRunSearch {
  clone?: string
  suite?: string
}

/** The filter of a suite's cases, and the case that is open. */
export interface SuiteSearch {
  q?: string
  case?: string
}

export function parseSuiteSearch(search: Record<string, unknown>): SuiteSearch {
  return { ...member('q', textOf(search['q'])), ...member('case', textOf(search['case'])) }
}

/** A second conversation that stands beside the first. */
export interface ChatSearch {
  beside?: string
}

export function parseChatSearch(search: Record<string, unknown>): ChatSearch {
  return member('beside', uuidOf(search['beside']))
}

/** The sessions that are compared. */
export interface AnalyticsSearch {
  sessions?: string[]
}

export function parseAnalyticsSearch(search: Record<string, unknown>): AnalyticsSearch {
  return member('sessions', textsOf(search['sessions'], 7))
}

export interface SessionsSearch {
  q?: string
  experiment?: string
}

/** What of a session's conversation is shown; `was` is the id by which it was looked for. */
export interface SessionSearch {
  q?: string
  role?: MessageRole
  was?: string
}

export function parseSessionsSearch(search: Record<string, unknown>): SessionsSearch {
  return { ...member('q', textOf(search['q'])), ...member('experiment', textOf(search['experiment'])) }
}

export function parseSessionSearch(search: Record<string, unknown>): SessionSearch {
  const role = (['user', 'assistant', 'system'] as const).find((known) => known === search['role'])
  return { ...member('q', textOf(search['q'])), ...member('role', role), ...member('was', textOf(search['was'])) }
}

export function parseRunsSearch(search: Record<string, unknown>): RunsSearch {
  return {
    ...member('status', listOf(search['status'], runStatuses)),
    ...member('q', textOf(search['q'])),
    ...member('experiment', textOf(search['experiment'])),
    ...member('model', textOf(search['model'])),
    ...member('suite', uuidOf(search['suite'])),
    ...member(
      'days',
      daysOnOffer.find((days) => days === search['days']),
    ),
    ...member('from', dayOf(search['from'])),
    ...member('to', dayOf(search['to'])),
    ...member('selected', textsOf(search['selected'], 50)),
    ...member('observe', uuidOf(search['observe'])),
  }
}

export function parseNewRunSearch(search: Record<string, unknown>): NewRunSearch {
  return { ...member('clone', textOf(search['clone'])), ...member('suite', uuidOf(search['suite'])) }
}

export function member<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  if (value === undefined) return {}
  const found: { [P in K]?: V } = {}
  found[key] = value
  return found
}

/** A number that a reader typed (`?q=42`) arrives as a number. */
export function textOf(value: unknown, maxLength = 200): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' ? text.slice(0, maxLength) : undefined
}

export function listOf<T extends string>(value: unknown, allowed: readonly T[]): T[] | undefined {
  const given: unknown[] = Array.isArray(value) ? value : [value]
  const known = allowed.filter((entry) => given.includes(entry))
  return known.length > 0 ? known : undefined
}

function textsOf(value: unknown, atMost: number): string[] | undefined {
  const given: unknown[] = Array.isArray(value) ? value : [value]
  const texts = given.map((entry) => textOf(entry)).filter((text) => text !== undefined)
  return texts.length > 0 ? [...new Set(texts)].slice(0, atMost) : undefined
}

function uuidOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : undefined
}

function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined
}
