import { UserError } from '../domain/errors.ts'

/** The value, or a not-found error that names the field. */
export function found<T>(value: T | null, field: string, what: string): T {
  if (value === null)
    throw new UserError('not-found', {
      field,
      message: `There is no such ${what}.`,
      mend: `Check \`${field}\`; the list shows what exists.`,
    })
  return value
}
