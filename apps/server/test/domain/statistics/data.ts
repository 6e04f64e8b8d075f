/** x -> 1664525 x + 1013904223 mod 2^32, as x / 2^32; in Python: `lcg` of reference/common.py. */
export function lcg(seed: number): () => number {
  let x = seed >>> 0
  return () => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0
    return x / 2 ** 32
  }
}

export interface ScorePairs {
  baseline: Float64Array
  candidate: Float64Array
  clusters: Int32Array
}

/** Pairs of scores 1-10 that go together, in clusters of very different sizes: `score_pairs` in Python. */
export function scorePairs(seed: number, n: number, groups: number): ScorePairs {
  const next = lcg(seed)
  const pairs = { baseline: new Float64Array(n), candidate: new Float64Array(n), clusters: new Int32Array(n) }
  for (let index = 0; index < n; index++) {
    const first = 1 + Math.floor(10 * next())
    const step = Math.floor(5 * next()) - 2
    const lift = next() < 0.3 ? 1 : 0
    pairs.baseline[index] = first
    pairs.candidate[index] = Math.min(10, Math.max(1, first + step + lift))
    pairs.clusters[index] = Math.floor(next() ** 2 * groups)
  }
  return pairs
}
