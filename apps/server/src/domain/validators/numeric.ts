import type { Validator } from '@proctor/schema'
import type { Check } from './run-validators.ts'

// 1,234.5 and -3 and .5; the lookbehind keeps "4-5" from being read as 4 and -5.
const numberPattern = /(?<![\w.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\w.])[-−]?\.\d+/g

/** The last number of the answer, thousands separators removed, against the expected one. */
export const checkNumeric: Check<Extract<Validator, { type: 'numeric' }>> = (answer, { value, tolerance }) => {
  const last = answer.match(numberPattern)?.at(-1)
  if (last === undefined) return `Expected the number ${value}, found none.`
  const found = Number(last.replaceAll(',', '').replace('−', '-'))
  return Math.abs(found - value) <= tolerance ? null : `Expected ${value}, the last number is ${found}.`
}
