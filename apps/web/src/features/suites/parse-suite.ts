import { createSuiteInputSchema, type CreateSuiteInput, type CreateSuiteRequest } from '@proctor/schema'

export type ParsedSuite =
  | { ok: true; suite: CreateSuiteInput; request: CreateSuiteRequest }
  | { ok: false; problems: string[] }

const maxShownProblems = 10

/**
 * Reads a suite file before anything is sent: a JSON object in our own format, a JSON list of cases, or
 * JSON Lines with one case a line. Problems name the line or the case.
 *
 * @param fileName names the suite where the file itself does not
 */
export function parseSuite(text: string, fileName: string): ParsedSuite {
  const name = fileName.replace(/\.[^.]*$/, '')
  const read = /\.(jsonl|ndjson)$/i.test(fileName) ? readLines(text) : readJson(text)
  if ('problems' in read) return { ok: false, problems: read.problems }
  const candidate = Array.isArray(read.value) ? { name, cases: read.value } : read.value
  const parsed = createSuiteInputSchema.safeParse(candidate)
  if (parsed.success) return { ok: true, suite: parsed.data, request: candidate as CreateSuiteRequest }
  const problems = parsed.error.issues.map((issue) => describe(issue.path, issue.message))
  const more = problems.length - maxShownProblems
  return { ok: false, problems: more > 0 ? [...problems.slice(0, maxShownProblems), `and ${more} more`] : problems }
}

type Read = { value: unknown } | { problems: string[] }

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(withoutMark(text)) as unknown }
  } catch (error) {
    return { problems: [`The file is not JSON: ${error instanceof Error ? error.message : String(error)}`] }
  }
}

function readLines(text: string): Read {
  const value: unknown[] = []
  const problems: string[] = []
  for (const [index, line] of withoutMark(text).split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    try {
      value.push(JSON.parse(line))
    } catch {
      problems.push(`Line ${index + 1} is not JSON.`)
    }
  }
  return problems.length > 0 ? { problems: problems.slice(0, maxShownProblems) } : { value }
}

/** Some editors put a byte order mark at the front. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function describe(path: readonly PropertyKey[], message: string): string {
  const [first, index, ...rest] = path
  if (first === 'cases' && typeof index === 'number')
    return `Case ${index + 1}${rest.length > 0 ? `, ${rest.map(String).join('.')}` : ''}: ${message}`
  return path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message
}
