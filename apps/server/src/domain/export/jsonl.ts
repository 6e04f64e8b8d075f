import type { ExportedItem } from './exported-item.ts'

/** One line of JSON an item. */
export function jsonlLine(item: ExportedItem): string {
  return `${JSON.stringify(item)}\n`
}
