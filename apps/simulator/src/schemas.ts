import type { JsonSchema } from './call.ts'

/** True for a plain JSON object. */
export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Follows a local reference ("#/$defs/name"); anything else is the schema itself. */
export function resolveSchema(schema: unknown, root: JsonSchema): JsonSchema {
  let current: unknown = schema
  for (let hops = 0; hops < 20 && isObject(current) && typeof current['$ref'] === 'string'; hops += 1) {
    const path = current['$ref'].replace(/^#\/?/, '').split('/').filter(Boolean)
    current = path.reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), root)
  }
  return isObject(current) ? current : {}
}

/** The smallest value that a JSON schema accepts. */
export function minimalValue(schema: unknown, root: JsonSchema, depth = 0): unknown {
  const node = resolveSchema(schema, root)
  if ('const' in node) return node['const']
  if (Array.isArray(node['enum'])) return node['enum'][0]
  const alternatives = node['anyOf'] ?? node['oneOf']
  if (Array.isArray(alternatives)) return minimalValue(alternatives[0], root, depth + 1)
  if (Array.isArray(node['allOf']))
    return minimalValue(Object.assign({}, node, { allOf: undefined }, ...node['allOf']), root, depth + 1)
  const type = Array.isArray(node['type'])
    ? node['type'][0]
    : (node['type'] ?? (isObject(node['properties']) ? 'object' : 'null'))
  if (type === 'object') return minimalObject(node, root, depth)
  if (type === 'array') {
    const length = depth > 30 ? 0 : numberOr(node['minItems'], 0)
    return Array.from({ length }, () => minimalValue(node['items'], root, depth + 1))
  }
  if (type === 'string') return minimalString(node)
  if (type === 'integer' || type === 'number') return minimalNumber(node, type === 'integer')
  if (type === 'boolean') return false
  return null
}

function minimalObject(node: JsonSchema, root: JsonSchema, depth: number): JsonSchema {
  const properties = isObject(node['properties']) ? node['properties'] : {}
  const required = Array.isArray(node['required']) ? (node['required'] as unknown[]) : []
  const wanted = depth > 30 ? [] : Object.keys(properties).filter((name) => required.includes(name))
  return Object.fromEntries(wanted.map((name) => [name, minimalValue(properties[name], root, depth + 1)]))
}

function minimalString(node: JsonSchema): string {
  const formats: Record<string, string> = {
    'date-time': '2026-01-01T00:00:00Z',
    date: '2026-01-01',
    time: '00:00:00Z',
    email: 'someone@example.com',
    uri: 'https://example.com',
    uuid: '00000000-0000-4000-8000-000000000000',
  }
  const format = typeof node['format'] === 'string' ? formats[node['format']] : undefined
  return format ?? 'x'.repeat(numberOr(node['minLength'], 0))
}

function minimalNumber(node: JsonSchema, isInteger: boolean): number {
  const smallestStep = isInteger ? 1 : 0.5
  const low = Math.max(
    numberOr(node['minimum'], -Infinity),
    numberOr(node['exclusiveMinimum'], -Infinity) + smallestStep,
  )
  const high = Math.min(
    numberOr(node['maximum'], Infinity),
    numberOr(node['exclusiveMaximum'], Infinity) - smallestStep,
  )
  const value = low > 0 ? low : high < 0 ? high : 0
  if (!isInteger) return value
  return low > 0 ? Math.ceil(value) : Math.floor(value)
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

const unsupportedByAnthropic = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
]

/**
 * What the provider's own check of a strict schema complains about, or null.
 * Both want `additionalProperties: false` on every object; OpenAI also wants every property required,
 * and Anthropic knows no bounds of numbers and texts.
 */
export function strictSchemaProblem(
  schema: unknown,
  protocol: 'openai' | 'anthropic',
  path: string[] = [],
): string | null {
  if (!isObject(schema)) return null
  const where = `In context=(${path.map((part) => `'${part}'`).join(', ')})`
  if (schema['type'] === 'object') {
    if (schema['additionalProperties'] !== false) {
      return protocol === 'openai'
        ? `${where}, 'additionalProperties' is required to be supplied and to be false.`
        : "For 'object' type, 'additionalProperties' must be explicitly set to false"
    }
    const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
    const missing = Object.keys(isObject(schema['properties']) ? schema['properties'] : {}).find(
      (name) => !required.includes(name),
    )
    if (protocol === 'openai' && missing !== undefined) {
      return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`
    }
  }
  if (protocol === 'anthropic') {
    const unsupported = unsupportedByAnthropic.find((name) => name in schema)
    if (unsupported) return `For '${String(schema['type'])}' type, property '${unsupported}' is not supported`
  }
  return firstProblemInside(schema, protocol, path)
}

function firstProblemInside(schema: JsonSchema, protocol: 'openai' | 'anthropic', path: string[]): string | null {
  for (const group of ['properties', '$defs', 'definitions']) {
    if (!isObject(schema[group])) continue
    for (const [name, child] of Object.entries(schema[group])) {
      const problem = strictSchemaProblem(child, protocol, [...path, group, name])
      if (problem) return problem
    }
  }
  const alternatives = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as unknown[]) : []
  for (const child of [schema['items'], ...alternatives]) {
    const problem = strictSchemaProblem(child, protocol, [...path, 'items'])
    if (problem) return problem
  }
  return null
}
