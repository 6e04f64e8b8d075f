import { suiteCaseSchema, type SuiteCase } from '@proctor/schema'

/** A case as it is typed; what is left empty is not there. */
export interface CaseForm {
  id: string
  turns: string[]
  system: string
  expected: string
  notes: string
  group: string
  tags: string[]
  /** As JSON. */
  validators: string
}

export function caseForm(entry: SuiteCase): CaseForm {
  return {
    id: entry.id,
    turns: entry.turns,
    system: entry.system ?? '',
    expected: entry.expected ?? '',
    notes: entry.notes ?? '',
    group: entry.group ?? '',
    tags: entry.tags,
    validators: entry.validators.length > 0 ? JSON.stringify(entry.validators, null, 2) : '',
  }
}

/** The case, or what is wrong with it by field. */
export function readCase(
  form: CaseForm,
  takenIds: ReadonlySet<string>,
): { ok: true; entry: SuiteCase } | { ok: false; errors: ReadonlyMap<string, string> } {
  const errors = new Map<string, string>()
  let validators: unknown = []
  try {
    validators = form.validators.trim() === '' ? [] : JSON.parse(form.validators)
  } catch (error) {
    errors.set('validators', `This is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = suiteCaseSchema.safeParse({
    id: form.id.trim(),
    turns: form.turns,
    tags: form.tags,
    validators,
    ...optional('system', form.system),
    ...optional('expected', form.expected),
    ...optional('notes', form.notes),
    ...optional('group', form.group.trim()),
  })
  if (takenIds.has(form.id.trim())) errors.set('id', 'Another case has this id.')
  if (!parsed.success)
    for (const { path, message } of parsed.error.issues) {
      const [field = '', ...rest] = path.map(String)
      const key = field === 'turns' ? [field, ...rest].join('.') : field
      if (!errors.has(key))
        errors.set(key, rest.length > 0 && field !== 'turns' ? `${rest.join('.')}: ${message}` : message)
    }
  return parsed.success && errors.size === 0 ? { ok: true, entry: parsed.data } : { ok: false, errors }
}

function optional(field: string, text: string): Record<string, string> {
  return text === '' ? {} : { [field]: text }
}
