import { useLayoutEffect, useRef, type RefObject } from 'react'

/**
 * Keeps the row at the top of the window where it is when a live filter adds or drops rows above it.
 * Another `resetKey` is another list, which starts at its top.
 */
export function useScrollAnchor(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly { id: string }[],
  rowHeight: number,
  resetKey: string,
): void {
  const before = useRef({ rows, resetKey })
  useLayoutEffect(() => {
    const element = scroller.current
    const last = before.current
    before.current = { rows, resetKey }
    if (!element) return
    if (last.resetKey !== resetKey) {
      element.scrollTo({ top: 0 })
      return
    }
    const top = Math.floor(element.scrollTop / rowHeight)
    if (top === 0 || last.rows === rows) return
    // The first row in sight that is still there is the one to hold on to.
    for (let index = top; index < Math.min(last.rows.length, top + 50); index++) {
      const id = last.rows[index]?.id
      if (id === undefined || rows[index]?.id === id) return
      const moved = rows.findIndex((row) => row.id === id)
      if (moved < 0) continue
      element.scrollBy({ top: (moved - index) * rowHeight })
      return
    }
  }, [scroller, rows, rowHeight, resetKey])
}
