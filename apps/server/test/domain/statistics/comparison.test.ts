import { describe, it } from 'vitest'
import {
  bootstrapMean,
  cliffsDelta,
  compareUnpairedMeans,
  createRandom,
  estimateMean,
  pairedEffect,
  testRankSums,
  testSignedRanks,
} from '../../../src/domain/statistics/index.ts'
import { scorePairs } from './data.ts'
import { checkCase, referenceCases } from './reference.ts'

interface Given {
  baseline?: number[]
  candidate?: number[]
  differences?: number[]
  values?: number[]
  generate?: { seed: number; n: number; groups: number }
  clustered?: boolean
  options?: object
}

interface Sides {
  baseline: ArrayLike<number>
  candidate: ArrayLike<number>
  differences: ArrayLike<number>
  clusters: ArrayLike<number> | null
}

function sidesOf({ generate, baseline = [], candidate = [], differences }: Given): Sides {
  const pairs = generate
    ? scorePairs(generate.seed, generate.n, generate.groups)
    : { baseline, candidate, clusters: null }
  return {
    ...pairs,
    differences:
      differences ?? Float64Array.from(pairs.candidate, (score, index) => score - (pairs.baseline[index] ?? 0)),
  }
}

const methods: Record<string, (given: Given) => unknown> = {
  pairedMean: (given) => {
    const { differences, clusters } = sidesOf(given)
    return estimateMean(differences, given.clustered && clusters ? { clusters } : given.options)
  },
  pairedEffect: (given) => pairedEffect(sidesOf(given).differences),
  cliffsDelta: (given) => cliffsDelta(sidesOf(given).baseline, sidesOf(given).candidate),
  signedRanks: (given) => testSignedRanks(sidesOf(given).differences, given.options),
  rankSums: (given) => {
    const { baseline, candidate } = sidesOf(given)
    return testRankSums(baseline, candidate, given.options)
  },
  welch: (given) => {
    const { baseline, candidate } = sidesOf(given)
    return compareUnpairedMeans(baseline, candidate, given.options)
  },
  bootstrapMean: ({ values = [], options }) => {
    const { seed, ...rest } = options as { seed: number }
    return bootstrapMean(values, { ...rest, random: createRandom(seed) })
  },
}

describe('the comparison of two sides, beside scipy, statsmodels and R', () => {
  it.each(referenceCases<Given>('comparison'))('$method: $name', (reference) => checkCase(methods, reference))
})
