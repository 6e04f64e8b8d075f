import type { EditSuiteInput, SuiteCase } from '@proctor/schema'
import { UserError } from '../errors.ts'

/**
 * The cases after the edits: changed ones keep their places, new ones come last, in the order given.
 * @throws UserError for an id that is not there: the editor looked at something else
 */
export function applyEdits(
  cases: readonly SuiteCase[],
  { upserts, removes }: Pick<EditSuiteInput, 'upserts' | 'removes'>,
): SuiteCase[] {
  const known = new Set(cases.map(({ id }) => id))
  const changed = new Map<string, SuiteCase>()
  const added: SuiteCase[] = []
  upserts.forEach(({ originalId, case: entry }, index) => {
    if (originalId === null) added.push(entry)
    else if (known.has(originalId)) changed.set(originalId, entry)
    else throw unknownCase(originalId, `upserts.${index}.originalId`)
  })
  const gone = new Set(removes)
  removes.forEach((id, index) => {
    if (!known.has(id)) throw unknownCase(id, `removes.${index}`)
  })
  return [...cases.filter(({ id }) => !gone.has(id)).map((entry) => changed.get(entry.id) ?? entry), ...added]
}

function unknownCase(id: string, field: string): UserError {
  return new UserError('not-found', {
    field,
    message: `There is no case "${id}" in this version.`,
    mend: 'Load the newest version and make the change there.',
  })
}
