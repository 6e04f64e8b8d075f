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
 * Every number that is expected must be there, to the relative tolerance. Only where exactly 0 is expected
 * is a rounding error of 1e-13 let through, so a p-value of 1e-30 is compared as strictly as one of 0.3.
 */
export function expectClose(actual: unknown, expected: unknown, tolerance = 1e-8, path = ''): void {
  if (typeof expected === 'number') {
    const error = Math.abs((actual as number) - expected)
    const isClose = expected === 0 ? error <= 1e-13 : error <= tolerance * Math.abs(expected)
    expect(isClose, `${path}: ${String(actual)} instead of ${expected}`).toBe(true)
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, inner] of Object.entries(expected)) {
      expectClose((actual as Record<string, unknown> | null)?.[key], inner, tolerance, `${path}.${key}`)
    }
  } else expect(actual, path).toEqual(expected)
}
