import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { Validator, ValidatorResult } from '@proctor/schema'
import classes from './validators.module.css'

/** Each check of the answer: what it asked, whether it passed, and what was found instead. */
export function Validators({ results }: { results: readonly ValidatorResult[] }) {
  if (results.length === 0) return null
  const passed = results.filter((result) => result.passed).length
  return (
    <section className={classes['validators']} aria-label="Checks">
      <h3 className={classes['title']}>
        Checks{' '}
        <span className={classes['quiet']}>
          {passed} of {results.length} passed
        </span>
      </h3>
      <ul className={classes['list']}>
        {results.map((result, index) => (
          // A case's checks have no id and never change places.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className={classes['check']} data-passed={result.passed}>
            {result.passed ? (
              <IconCircleCheck size={15} aria-label="passed" />
            ) : (
              <IconCircleX size={15} aria-label="failed" />
            )}
            <div>
              {result.validator.type} <code>{wanted(result.validator)}</code>
              {result.explanation && <p className={classes['quiet']}>{result.explanation}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What a check asks for, in few words. */
function wanted(validator: Validator): string {
  switch (validator.type) {
    case 'equals':
    case 'contains':
    case 'not-contains':
      return validator.value
    case 'regex':
      return `/${validator.pattern}/${validator.flags}`
    case 'json-schema':
      return JSON.stringify(validator.schema)
    case 'numeric':
      return validator.tolerance > 0 ? `${validator.value} ± ${validator.tolerance}` : String(validator.value)
    default:
      return String(validator.value)
  }
}
