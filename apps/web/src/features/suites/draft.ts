import type { SuiteCase } from '@proctor/schema'
import type { Inputs } from '../../data/trpc.ts'

/** Changes to a suite that are not saved yet. */
export interface SuiteDraft {
  /** By the id that the case has in the saved version. */
  changed: ReadonlyMap<string, SuiteCase>
  added: readonly SuiteCase[]
  removed: ReadonlySet<string>
}

export interface DraftRow {
  /** Stays the same while the case is edited. */
  key: string
  entry: SuiteCase
  state: 'saved' | 'changed' | 'new' | 'removed'
}

export const emptyDraft: SuiteDraft = { changed: new Map(), added: [], removed: new Set() }

export function changeCount({ changed, added, removed }: SuiteDraft): number {
  return changed.size + added.length + removed.size
}

const newKey = 'new:'

/** Every case as it would be saved, the removed ones still in their places. */
export function draftRows(saved: readonly SuiteCase[], draft: SuiteDraft): DraftRow[] {
  return [
    ...saved.map((entry): DraftRow => {
      const { id } = entry
      if (draft.removed.has(id)) return { key: id, entry, state: 'removed' }
      const changed = draft.changed.get(id)
      return changed ? { key: id, entry: changed, state: 'changed' } : { key: id, entry, state: 'saved' }
    }),
    ...draft.added.map((entry, index): DraftRow => ({ key: `${newKey}${index}`, entry, state: 'new' })),
  ]
}

/** The draft with the case of a row replaced; a case that is as it was saved is no change. */
export function putCase(draft: SuiteDraft, saved: readonly SuiteCase[], key: string, entry: SuiteCase): SuiteDraft {
  const place = newPlace(key)
  if (place !== null) return { ...draft, added: draft.added.with(place, entry) }
  const changed = new Map(draft.changed)
  const before = saved.find(({ id }) => id === key)
  if (before && isSame(before, entry)) changed.delete(key)
  else changed.set(key, entry)
  return { ...draft, changed }
}

/** The draft with one more case, and the key of its row. */
export function addCase(draft: SuiteDraft, entry: SuiteCase): { draft: SuiteDraft; key: string } {
  return { draft: { ...draft, added: [...draft.added, entry] }, key: `${newKey}${draft.added.length}` }
}

/** A saved case is marked, and can be taken back; one that was never saved is gone. */
export function removeCase(draft: SuiteDraft, key: string): SuiteDraft {
  const place = newPlace(key)
  if (place !== null) return { ...draft, added: draft.added.toSpliced(place, 1) }
  return { ...draft, removed: new Set([...draft.removed, key]) }
}

export function restoreCase(draft: SuiteDraft, key: string): SuiteDraft {
  return { ...draft, removed: new Set([...draft.removed].filter((id) => id !== key)) }
}

/** An id that no case has, in the way of the others. */
export function freeId(rows: readonly DraftRow[], wanted: string): string {
  const taken = new Set(rows.map(({ entry }) => entry.id))
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}

/** The draft as the server takes it. */
export function toEdits({
  changed,
  added,
  removed,
}: SuiteDraft): Pick<Inputs['batch']['suites']['edit'], 'upserts' | 'removes'> {
  return {
    upserts: [
      ...[...changed].filter(([id]) => !removed.has(id)).map(([originalId, entry]) => ({ originalId, case: entry })),
      ...added.map((entry) => ({ originalId: null, case: entry })),
    ],
    removes: [...removed],
  }
}

function newPlace(key: string): number | null {
  return key.startsWith(newKey) ? Number(key.slice(newKey.length)) : null
}

function isSame(a: SuiteCase, b: SuiteCase): boolean {
  const ordered = ({ id, turns, system, expected, notes, tags, group, validators }: SuiteCase) =>
    JSON.stringify([id, turns, system, expected, notes, tags, group, validators])
  return ordered(a) === ordered(b)
}
