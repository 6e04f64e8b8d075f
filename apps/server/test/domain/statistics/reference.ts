import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

interface ReferenceCase<Given> {
  method: string
  name: string
  given: Given
  expected: unknown
  /** Relative; 1e-8 unless said otherwise. */
  tolerance?: number
}

/** The cases of a family that reference/make-reference.py made with independent software. */
export function referenceCases<Given>(family: string): ReferenceCase<Given>[] {
  const file = new URL(`reference/${family}.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: ReferenceCase<Given>[] }).cases
}

/**
 * Where an answer differs from what is expected: an empty list when it does not. Only where exactly 0 is
 * expected is a rounding error of 1e-13 let through, so a p-value of 1e-30 is compared as strictly as 0.3.
 */
export function deviations(actual: unknown, expected: unknown, tolerance = 1e-8, path = 'answer'): string[] {
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).flatMap(([key, inner]) =>
      deviations((actual as Record<string, unknown> | null | undefined)?.[key], inner, tolerance, `${path}.${key}`),
    )
  }
  const isClose =
    typeof expected === 'number' && typeof actual === 'number'
      ? Math.abs(actual - expected) <= (expected === 0 ? 1e-13 : tolerance * Math.abs(expected))
      : actual === expected
  return isClose ? [] : [`${path} is ${String(actual)} instead of ${String(expected)}`]
}

/** Runs one case of a family with its method. */
export function checkCase<Given>(
  methods: Record<string, (given: Given) => unknown>,
  { method, given, expected, tolerance }: ReferenceCase<Given>,
): void {
  const compute = methods[method]
  if (!compute) throw new Error(`No function stands for the method ${method}.`)
  expect(deviations(compute(given), expected, tolerance)).toEqual([])
}
