import type { RunDetail } from '@proctor/schema'
import { csvHeader, csvRow } from '../domain/export/csv.ts'
import { exportColumns, type ExportedItem } from '../domain/export/exported-item.ts'
import { jsonlLine } from '../domain/export/jsonl.ts'
import type { ObserverStore } from '../domain/observer/facts.ts'
import type { RunStore } from '../domain/run-ports.ts'
import { mustFindRun } from './must-find.ts'

export type ExportFormat = 'jsonl' | 'csv'

export interface RunExport {
  run: RunDetail
  /** The file, a page of items at a time: reading it slowly holds one page in memory, not the run. */
  chunks: AsyncGenerator<string, void, undefined>
}

const pageSize = 200

/** What was said about a run, a line an entry, oldest first. @throws UserError not-found */
export async function exportObserver(
  runs: Pick<RunStore, 'get'>,
  observers: Pick<ObserverStore, 'export'>,
  runId: string,
): Promise<RunExport> {
  const run = await mustFindRun(runs, runId)
  async function* chunks() {
    for (const entry of await observers.export(runId)) yield `${JSON.stringify(entry)}\n`
  }
  return { run, chunks: chunks() }
}

/**
 * A run's items as a file. A moving run is exported as it stands, each page as of its reading.
 * @throws UserError not-found
 */
export async function exportRun(
  runs: Pick<RunStore, 'get' | 'exportItems'>,
  runId: string,
  format: ExportFormat,
): Promise<RunExport> {
  const run = await mustFindRun(runs, runId)
  const columns = exportColumns(run.progress.quality)
  const toLine = format === 'csv' ? (item: ExportedItem) => csvRow(item, columns) : jsonlLine

  async function* chunks() {
    if (format === 'csv') yield csvHeader(columns)
    for (let after = -1; ;) {
      const page = await runs.exportItems(runId, after, pageSize)
      if (page.length > 0) yield page.map(toLine).join('')
      const last = page.at(-1)
      if (!last || page.length < pageSize) return
      after = last.position
    }
  }
  return { run, chunks: chunks() }
}
