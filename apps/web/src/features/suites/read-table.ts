import type { Table } from './column-mapping.ts'

const delimitersToGuess = [',', '\t', ';', '|']

/**
 * Reads CSV or TSV. Quoted cells may hold line breaks, so lines are counted as the file has them.
 * @returns the table, or what keeps it from being one
 */
export async function readTable(text: string): Promise<Table | { problems: string[] }> {
  // Most imports are JSON: the parser comes with the first table.
  const { default: Papa } = await import('papaparse')
  const lines: number[] = []
  let line = 1
  const content = text.replace(/^\uFEFF/, '')
  // Empty lines would speak for a table of one column.
  const { delimiter } = Papa.parse(content, { preview: 50, skipEmptyLines: true, delimitersToGuess }).meta
  const { data, errors } = Papa.parse<string[]>(content, { delimiter, skipEmptyLines: false })
  for (const row of data) {
    lines.push(line)
    line += 1 + row.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)
  }
  const serious = errors.filter(({ type }) => type === 'Quotes')
  if (serious.length > 0)
    return {
      problems: serious
        .slice(0, 10)
        .map(({ message, row }) => `Line ${row === undefined ? '?' : (lines[row] ?? '?')}: ${message}.`),
    }
  const filled = data.flatMap((cells, index) =>
    cells.some((cell) => cell.trim() !== '') ? [{ line: lines[index] ?? 0, cells }] : [],
  )
  const [head, ...rows] = filled
  if (!head || rows.length === 0)
    return { problems: ['The table needs a line that names its columns, and a line for each case.'] }
  return { columns: head.cells.map((name) => name.trim()), rows }
}
