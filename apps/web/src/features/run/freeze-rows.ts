/** What has changed behind a list that is held still for its reader. */
export interface Waiting {
  /** Rows that fit now and are not shown. */
  added: number
  /** Rows that are shown and do not fit any more. */
  left: ReadonlySet<string>
  /** Rows that are shown stand in another order by now. */
  isReordered: boolean
}

/** Compares the ids on show with those that the filter and the sort would show now. */
export function waitingRows(shown: readonly string[], wanted: readonly string[]): Waiting {
  const wantedIds = new Set(wanted)
  const left = new Set(shown.filter((id) => !wantedIds.has(id)))
  const shownIds = new Set(shown)
  const common = wanted.filter((id) => shownIds.has(id))
  const stayed = left.size === 0 ? shown : shown.filter((id) => !left.has(id))
  return {
    added: wanted.length - common.length,
    left,
    isReordered: common.some((id, index) => stayed[index] !== id),
  }
}

/** What the button that takes the changes in says; null while there are none. */
export function waitingText({ added, left, isReordered }: Waiting): string | null {
  if (added > 0) return `${added.toLocaleString('en-US')} new`
  if (isReordered) return 'New order'
  return left.size > 0 ? `${left.size.toLocaleString('en-US')} no longer ${left.size === 1 ? 'fits' : 'fit'}` : null
}

/** A list on show, and the filter and sort that it was taken for. */
export interface Frozen {
  key: string
  ids: readonly string[]
}

/**
 * The list to show. It is taken anew for another filter or sort, and while it is empty, since nobody reads an
 * empty table; otherwise it stays, whatever happens behind it.
 */
export function freeze(frozen: Frozen, key: string, wanted: readonly string[]): Frozen {
  const isTaken = frozen.key === key && (frozen.ids.length > 0 || wanted.length === 0)
  return isTaken ? frozen : { key, ids: wanted }
}
