import type { Page } from '@proctor/schema'

/** A page out of rows that were read with one more than asked for. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  convert: (row: Row) => T,
  cursorOf: (entry: T) => string,
): Page<T> {
  const items = rows.slice(0, limit).map(convert)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}

/** A LIKE pattern that finds the text anywhere, its own wildcards taken literally. No text in a database has U+0000. */
export function likePattern(text: string): string {
  return `%${text.replaceAll('\0', '\ufffd').replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
