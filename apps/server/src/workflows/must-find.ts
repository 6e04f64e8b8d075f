import type { RunDetail, SuiteSummary } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { SuiteStore } from '../domain/ports.ts'
import type { RunStore } from '../domain/run-ports.ts'

/** @throws UserError not-found */
export async function mustFindRun(runs: Pick<RunStore, 'get'>, runId: string): Promise<RunDetail> {
  const run = await runs.get(runId)
  if (run) return run
  throw new UserError('not-found', {
    field: 'runId',
    message: 'There is no such run.',
    mend: 'Check the id; the list of runs shows those that exist.',
  })
}

/** @throws UserError not-found */
export async function mustFindSuite(suites: SuiteStore, versionId: string): Promise<SuiteSummary> {
  const suite = await suites.getVersion(versionId)
  if (suite) return suite
  throw new UserError('not-found', {
    field: 'suiteVersionId',
    message: 'There is no such suite version.',
    mend: 'Choose a suite from the list, or save one first.',
  })
}

/** The newest version of a suite. @throws UserError not-found */
export async function mustFindNewest(suites: SuiteStore, suiteId: string, field: string): Promise<SuiteSummary> {
  const newest = await suites.getNewest(suiteId)
  if (newest) return newest
  throw new UserError('not-found', {
    field,
    message: 'There is no such suite.',
    mend: 'Choose a suite from the list, or name a new one.',
  })
}
