/** Numbers from 0 (included) to 1 (excluded), uniformly; the only source of chance in this folder. */
export type Random = () => number

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018), its state filled by splitmix32 from a whole-number seed. The
 * same seed gives the same numbers everywhere, so a bootstrap interval can be shown again exactly.
 */
export function createRandom(seed: number): Random {
  let filler = seed >>> 0
  const nextState = () => {
    filler = (filler + 0x9e3779b9) >>> 0
    let mixed = filler ^ (filler >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  let a = nextState()
  let b = nextState()
  let c = nextState()
  let d = nextState()
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return scrambled / 2 ** 32
  }
}

/** A whole number from 0 to `count` - 1. */
export function pick(random: Random, count: number): number {
  return Math.floor(random() * count)
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
