import type { MessageRole, RunStatus } from '@proctor/schema'
import { runStatuses } from '../data/run-status.ts'

/** Search parameters come from links that people type and mend: what does not fit is left out. */
export interface RunsSearch {
  status?: RunStatus[]
  q?: string
}

export interface NewRunSearch {
  clone?: string
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
  return { ...member('status', listOf(search['status'], runStatuses)), ...member('q', textOf(search['q'])) }
}

export function parseNewRunSearch(search: Record<string, unknown>): NewRunSearch {
  return member('clone', textOf(search['clone']))
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
