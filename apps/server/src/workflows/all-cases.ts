import { maxPageSize, type SuiteCase } from '@proctor/schema'
import type { SuiteStore } from '../domain/ports.ts'

/** Every case of a version, in order. */
export async function allCases(suites: SuiteStore, versionId: string): Promise<SuiteCase[]> {
  const cases: SuiteCase[] = []
  for (let cursor: string | null = null; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next one
    const page = await suites.listCases(versionId, { cursor, limit: maxPageSize })
    cases.push(...page.items)
    cursor = page.nextCursor
    if (cursor === null) return cases
  }
}
