import type { Item } from '@proctor/schema'
import { useState } from 'react'
import { useShortcuts } from '../../ui/shortcuts.ts'

/** The chosen row: the open item, or the one that J/K stand at. Keys move it, Enter opens, Esc closes. */
export function useItemCursor(rows: readonly Item[], openId: string | null, onOpen: (id: string | null) => void) {
  const [chosenId, setChosenId] = useState<string | null>(null)
  const cursorId = openId ?? chosenId

  function move(by: 1 | -1) {
    const index = rows.findIndex((row) => row.id === cursorId)
    const next = rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + by))]
    if (!next) return
    setChosenId(next.id)
    if (openId !== null && next.id !== openId) onOpen(next.id)
  }

  useShortcuts({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: (event) => {
      // A focused link or button keeps its own Enter.
      if (event.target instanceof HTMLElement && event.target.closest('a, button')) event.target.click()
      else if (cursorId !== null) onOpen(cursorId)
    },
    Escape: () => {
      if (openId === null) return
      setChosenId(openId)
      onOpen(null)
    },
  })
  return { cursorId, move }
}
