import { useState } from 'react'
import { useShortcuts } from './shortcuts.ts'

/** A row chosen with J/K or the arrow keys, opened with Enter. -1 while there is none. */
export function useRowCursor(count: number, onOpen: (index: number) => void): number {
  const [chosen, setChosen] = useState(-1)
  const index = Math.min(chosen, count - 1)
  const move = (by: number) => setChosen(Math.max(0, Math.min(count - 1, index + by)))
  useShortcuts({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: (event) => {
      // A focused link or button keeps its own Enter.
      if (event.target instanceof HTMLElement && event.target.closest('a, button')) event.target.click()
      else if (index >= 0) onOpen(index)
    },
  })
  return index
}
