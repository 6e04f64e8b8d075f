/** A 32-bit FNV-1a hash of the parts, the same on every machine. */
export function hash(...parts: (string | number)[]): number {
  let value = 0x811c9dc5
  for (const part of parts) {
    const text = String(part)
    for (let index = 0; index < text.length; index += 1) {
      value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
    }
    // Separates ('ab', 'c') from ('a', 'bc').
    value = Math.imul(value ^ 0x1f, 0x01000193)
  }
  return value >>> 0
}

/** A generator of numbers in [0, 1) (mulberry32) that repeats for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const purposes = ['error', 'malformed', 'reset', 'refuse', 'hang', 'jitter'] as const
type Purpose = (typeof purposes)[number]

/** One stream of random numbers for each purpose, so that switching one fault on does not move the others. */
export interface Draws {
  /** True for the given share of the draws. */
  happens(purpose: Purpose, share: number): boolean
  /** A number in [0, 1). */
  next(purpose: Purpose): number
}

/** The random streams of one seed. */
export function createDraws(seed: number): Draws {
  const streams = Object.fromEntries(purposes.map((purpose) => [purpose, createRandom(hash(seed, purpose))])) as Record<
    Purpose,
    () => number
  >
  return {
    happens: (purpose, share) => share > 0 && streams[purpose]() < share,
    next: (purpose) => streams[purpose](),
  }
}
