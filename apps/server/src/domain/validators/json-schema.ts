import type { Validator } from '@proctor/schema'
import { Ajv, type ValidateFunction } from 'ajv'
import type { Check } from './run-validators.ts'

type SchemaValidator = Extract<Validator, { type: 'json-schema' }>

const ajv = new Ajv({ allErrors: false, strict: false, validateFormats: false })
// Compiling costs about a millisecond and the same case is checked in every run.
const compiled = new WeakMap<object, ValidateFunction>()

/** The answer as JSON, a Markdown code fence around it allowed, against the schema. */
export const checkJsonSchema: Check<SchemaValidator> = (answer, { schema }) => {
  let value: unknown
  try {
    value = JSON.parse(withoutCodeFence(answer))
  } catch {
    return 'The answer is not JSON.'
  }
  let validate = compiled.get(schema)
  if (!validate) {
    validate = ajv.compile(schema)
    compiled.set(schema, validate)
  }
  return validate(value) ? null : `The JSON does not fit: ${ajv.errorsText(validate.errors)}.`
}

/** Why the schema does not compile, or null. */
export function findSchemaProblem({ schema }: SchemaValidator): string | null {
  try {
    ajv.compile(schema)
    return null
  } catch (error) {
    return `The JSON Schema does not compile: ${(error as Error).message}`
  }
}

function withoutCodeFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text
}
