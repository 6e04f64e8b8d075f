import type { ExportColumns, ExportedItem } from './exported-item.ts'

type Cell = string | number | boolean | null
type Column = readonly [name: string, cell: (item: ExportedItem) => Cell]

const columnsBeforeScores: readonly Column[] = [
  ['position', ({ position }) => position + 1],
  ['case_id', ({ caseId }) => caseId],
  ['repeat', ({ repeat }) => repeat],
  ['state', ({ state }) => state],
  ['tags', ({ tags }) => tags.join(' ')],
  ['group', ({ group }) => group],
  ['system', ({ system }) => system],
  ['prompt', ({ turns }) => joined(turns)],
  ['answer', ({ messages }) => joined(answersOf(messages))],
  ['expected', ({ expected }) => expected],
  ['notes', ({ notes }) => notes],
]

const columnsAfterScores: readonly Column[] = [
  ['checks_passed', ({ checks }) => checks.filter(({ passed }) => passed).length],
  ['checks_total', ({ checks }) => checks.length],
  ['failed_checks', ({ checks }) => failedChecks(checks)],
  ['failure_kind', ({ failure }) => failure?.kind ?? null],
  ['failure_message', ({ failure }) => failure?.message ?? null],
  ['attempts', ({ attempts }) => attempts],
  ['latency_ms', ({ latencyMs }) => latencyMs],
  ['time_to_first_token_ms', ({ timeToFirstTokenMs }) => timeToFirstTokenMs],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['cost_micro_usd', ({ costMicros }) => costMicros],
]

/** The first line of the table. */
export function csvHeader({ criteria, judged }: ExportColumns): string {
  return csvLine([
    ...columnsBeforeScores.map(([name]) => name),
    ...criteria.flatMap((criterion) => [`score_${criterion}`, `passed_${criterion}`, `reasoning_${criterion}`]),
    ...judged.map(({ criterion, judgeModel }) => `score_${criterion} ${judgeModel}`),
    ...columnsAfterScores.map(([name]) => name),
  ])
}

/** One item as a line; what it has no value for is empty. */
export function csvRow(item: ExportedItem, { criteria, judged }: ExportColumns): string {
  return csvLine([
    ...columnsBeforeScores.map(([, cell]) => cell(item)),
    ...criteria.flatMap((criterion) => scoreCells(item, criterion)),
    ...judged.map((column) => scoreBy(item, column)),
    ...columnsAfterScores.map(([, cell]) => cell(item)),
  ])
}

function scoreCells({ scores, judgments }: ExportedItem, criterion: string): Cell[] {
  const score = scores.find((entry) => entry.criterion === criterion)
  const verdict = judgments.findLast((entry) => entry.criterion === criterion)
  return [score?.score ?? null, score?.passed ?? null, verdict?.evidence.reasoning ?? null]
}

function scoreBy({ judgments }: ExportedItem, { criterion, judgeModel }: ExportColumns['judged'][number]): Cell {
  const verdict = judgments.find((entry) => entry.criterion === criterion && entry.judgeModel === judgeModel)
  return verdict?.score ?? null
}

function failedChecks(checks: ExportedItem['checks']): Cell {
  const failed = checks.filter(({ passed }) => !passed)
  return joined(failed.map(({ validator, explanation }) => `${validator.type}: ${explanation ?? 'failed'}`))
}

function answersOf(messages: ExportedItem['messages']): string[] {
  return messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)
}

function joined(texts: readonly string[]): Cell {
  return texts.length > 0 ? texts.join('\n\n') : null
}

/** Spreadsheets run a text that starts like this as a formula, also one that a model or a customer wrote. */
const formulaStart = /^[=+\-@\t\r]/

/** A line as RFC 4180 has it. Texts that a spreadsheet would run are led by `'`; numbers are left as they are. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = formulaStart.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
