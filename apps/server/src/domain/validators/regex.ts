import { createContext, Script } from 'node:vm'
import type { Validator } from '@proctor/schema'
import type { Check } from './run-validators.ts'

type RegexValidator = Extract<Validator, { type: 'regex' }>

const timeLimitMs = 100
const sandbox = createContext({ pattern: /(?:)/, text: '' })
const script = new Script('pattern.test(text)')

/** Whether the pattern occurs. A pattern that backtracks without end is stopped: patterns come from users. */
export const checkRegex: Check<RegexValidator> = (answer, { pattern, flags }) => {
  sandbox.pattern = new RegExp(pattern, flags)
  sandbox.text = answer
  try {
    return script.runInContext(sandbox, { timeout: timeLimitMs }) === true
      ? null
      : `/${pattern}/${flags} does not match.`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return `/${pattern}/${flags} took longer than ${timeLimitMs} ms; simplify the pattern.`
    throw error
  }
}

/** Why the pattern does not compile, or null. */
export function findRegexProblem({ pattern, flags }: RegexValidator): string | null {
  try {
    void RegExp(pattern, flags)
    return null
  } catch (error) {
    return `The pattern does not compile: ${(error as Error).message}`
  }
}
