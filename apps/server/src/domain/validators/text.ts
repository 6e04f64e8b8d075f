import type { Check } from './run-validators.ts'
import type { Validator } from '@proctor/schema'

type Of<T extends Validator['type']> = Extract<Validator, { type: T }>

/** The whole answer, white space at its ends aside. */
export const checkEquals: Check<Of<'equals'>> = (answer, { value, ignoreCase }) =>
  fold(answer.trim(), ignoreCase) === fold(value.trim(), ignoreCase)
    ? null
    : `Expected exactly "${shorten(value)}", got "${shorten(answer)}".`

export const checkContains: Check<Of<'contains'>> = (answer, { value, ignoreCase }) =>
  fold(answer, ignoreCase).includes(fold(value, ignoreCase)) ? null : `"${shorten(value)}" does not occur.`

export const checkNotContains: Check<Of<'not-contains'>> = (answer, { value, ignoreCase }) =>
  fold(answer, ignoreCase).includes(fold(value, ignoreCase)) ? `"${shorten(value)}" occurs.` : null

export const checkMaxWords: Check<Of<'max-words'>> = (answer, { value }) => {
  const words = answer.trim() === '' ? 0 : answer.trim().split(/\s+/).length
  return words <= value ? null : `${words} words, at most ${value} are allowed.`
}

function fold(text: string, ignoreCase: boolean): string {
  return ignoreCase ? text.toLowerCase() : text
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
