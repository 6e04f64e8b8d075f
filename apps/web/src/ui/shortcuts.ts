import { useEffect, useRef } from 'react'

export type ShortcutHandlers = Partial<Record<string, (event: KeyboardEvent) => void>>

/** Runs a handler for a key, unless the reader is typing or a dialog is open. Letters match either case. */
export function useShortcuts(handlers: ShortcutHandlers): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isBusy(event.target, event.key))
        return
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const handler = latest.current[key]
      if (!handler) return
      event.preventDefault()
      handler(event)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Text fields keep every key; radios and checkboxes only those that they use themselves. */
function isBusy(target: EventTarget | null, key: string): boolean {
  if (document.querySelector('[role="dialog"][aria-modal="true"]')) return true
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type)) return /^(Arrow|Enter| )/.test(key)
  return (
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.getAttribute('role') === 'option'
  )
}
