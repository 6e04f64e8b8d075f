import type { SuiteCase, SuiteSummary } from '@proctor/schema'

/** Saves the cases as JSON Lines, in the format that the import reads. */
export function downloadCases(suite: SuiteSummary, cases: readonly SuiteCase[]): void {
  const lines = cases.map((entry) => JSON.stringify(entry)).join('\n')
  const url = URL.createObjectURL(new Blob([`${lines}\n`], { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${suite.name.replaceAll(/[^\w.-]+/g, '-')}-v${suite.version}.jsonl`
  link.click()
  URL.revokeObjectURL(url)
}
