import { createSuiteInputSchema, type CreateSuiteRequest } from '@proctor/schema'

/** What a column of a table can hold. */
export const caseFields = ['prompt', 'id', 'expected', 'system', 'notes', 'group', 'tags'] as const
export type CaseField = (typeof caseFields)[number]

/** By column; null leaves a column out. */
export type ColumnMapping = readonly (CaseField | null)[]

/** A table as it was read: the first line names the columns. */
export interface Table {
  columns: readonly string[]
  /** Lines are those of the file, so that a person finds them there. */
  rows: readonly { line: number; cells: readonly string[] }[]
}

export interface MappedCases {
  cases: CreateSuiteRequest['cases']
  problems: string[]
}

const names: Record<CaseField, RegExp> = {
  prompt: /^(prompt|question|input|query|user|text|instruction)s?$/i,
  id: /^(id|case|case[ _-]?id|key|name|number|#)$/i,
  expected:
    /^(expected|ideal|answer|reference|target|gold|output|expected[ _-]?(answer|output)|reference[ _-]?answer)$/i,
  system: /^(system|system[ _-]?prompt)$/i,
  notes: /^(notes?|hint|rubric|comment)s?$/i,
  group: /^(group|category|topic|subject|cluster)$/i,
  tags: /^(tags?|labels?)$/i,
}

/** A guess by the names of the columns; each field at most once, and the prompt in the first column if nowhere else. */
export function guessMapping(columns: readonly string[]): ColumnMapping {
  const taken = new Set<CaseField>()
  const mapping = columns.map((column) => {
    const field = caseFields.find((candidate) => !taken.has(candidate) && names[candidate].test(column.trim()))
    if (!field) return null
    taken.add(field)
    return field
  })
  if (taken.has('prompt') || mapping.length === 0) return mapping
  const free = mapping.indexOf(null)
  return free < 0 ? mapping : mapping.with(free, 'prompt')
}

const maxShownProblems = 10

/** The cases of a table, and what is wrong with them by line. Ids that the table does not have are numbers. */
export function casesOf({ columns, rows }: Table, mapping: ColumnMapping): MappedCases {
  if (!mapping.includes('prompt')) return { cases: [], problems: ['Say which column holds the prompt.'] }
  const problems: string[] = []
  const cases = rows.map(({ line, cells }, index) => {
    if (cells.length !== columns.length)
      problems.push(`Line ${line} has ${cells.length} cells, and the first line names ${columns.length}.`)
    const cell = (field: CaseField) => cells[mapping.indexOf(field)]?.trim() ?? ''
    const tags = cell('tags')
      .split(/[,;|]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '')
    return {
      id: cell('id') || String(index + 1),
      prompt: mapping.includes('prompt') ? (cells[mapping.indexOf('prompt')] ?? '') : '',
      ...Object.fromEntries(
        (['expected', 'system', 'notes', 'group'] as const).flatMap((field) =>
          mapping.includes(field) && cell(field) !== '' ? [[field, cell(field)]] : [],
        ),
      ),
      ...(tags.length > 0 ? { tags } : {}),
    }
  })
  const parsed = createSuiteInputSchema.shape.cases.safeParse(cases)
  if (!parsed.success)
    for (const { path, message } of parsed.error.issues) {
      const [index, ...rest] = path
      const line = typeof index === 'number' ? `Line ${rows[index]?.line}, ${rest.map(String).join('.')}: ` : ''
      problems.push(`${line}${message}`)
    }
  return { cases, problems: shorten(problems) }
}

export function shorten(problems: readonly string[]): string[] {
  const more = problems.length - maxShownProblems
  return more > 0 ? [...problems.slice(0, maxShownProblems), `and ${more} more`] : [...problems]
}
