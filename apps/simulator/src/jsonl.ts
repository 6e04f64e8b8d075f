import { existsSync, readFileSync } from 'node:fs'

export type Row = { readonly [field: string]: unknown }

/** The rows of a JSON Lines file; none when the file does not exist. A broken line is named. */
export function readJsonLines(path: string): Row[] {
  if (!existsSync(path)) return []
  const rows: Row[] = []
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      rows.push(JSON.parse(line) as Row)
    } catch (error) {
      throw new Error(`${path}:${index + 1} is not JSON: ${(error as Error).message}`, { cause: error })
    }
  }
  return rows
}
