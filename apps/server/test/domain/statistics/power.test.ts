import { describe, expect, it } from 'vitest'
import {
  detectableDifference,
  detectablePairedRates,
  detectableRates,
  neededCases,
  neededCasesForRates,
  neededPairsForRates,
  powerOfMeans,
  type MeanDesign,
  type PowerGoal,
} from '../../../src/domain/statistics/index.ts'
import { checkCase, referenceCases } from './reference.ts'

interface Given {
  design: MeanDesign
  cases: number
  difference: number
  alpha: number
  goal: PowerGoal
  baseline: number
  candidate: number
  discordant: number
}

const methods: Record<string, (given: Given) => unknown> = {
  powerOfMeans: ({ design, cases, difference, alpha }) => powerOfMeans(design, cases, difference, alpha),
  detectableDifference: ({ design, cases, goal }) => detectableDifference(design, cases, goal),
  neededCases: ({ design, difference, goal }) => neededCases(design, difference, goal),
  neededCasesForRates: ({ baseline, candidate, goal }) => neededCasesForRates(baseline, candidate, goal),
  detectableRates: ({ baseline, cases, goal }) => detectableRates(baseline, cases, goal),
  neededPairsForRates: ({ discordant, difference, goal }) => neededPairsForRates(discordant, difference, goal),
  detectablePairedRates: ({ discordant, cases, goal }) => detectablePairedRates(discordant, cases, goal),
}

describe('power and numbers of cases, beside statsmodels and R', () => {
  it.each(referenceCases<Given>('planning'))('$method: $name', (reference) => checkCase(methods, reference))
})

describe('planning', () => {
  it('the needed cases are the fewest that reach the power', () => {
    const design = { design: 'paired', sd: 1.2 } as const
    const answer = neededCases(design, 0.3, { power: 0.9 })
    expect(answer.ok).toBe(true)
    if (!answer.ok) return
    expect(powerOfMeans(design, answer.cases, 0.3)).toMatchObject({ ok: true })
    const powerAt = (cases: number) => {
      const power = powerOfMeans(design, cases, 0.3)
      return power.ok ? power.power : null
    }
    expect(powerAt(answer.cases)).toBeGreaterThanOrEqual(0.9)
    expect(powerAt(answer.cases - 1)).toBeLessThan(0.9)
  })

  it('looks down as it looks up', () => {
    const [low, high] = [detectableRates(0.3, 200), detectableRates(0.7, 200)]
    if (!low.ok || !high.ok) throw new Error('Both must be there.')
    expect(low.below).toBeCloseTo(1 - (high.above ?? 0), 9)
    expect(low.below).toBeLessThan(0.3)
  })

  it('says where no difference can be found, and what cannot be asked', () => {
    expect(detectableRates(0.5, 2)).toEqual({ ok: true, above: null, below: null })
    expect(detectablePairedRates(0.2, 3)).toEqual({ ok: true, difference: null })
    expect(neededCases({ design: 'paired', sd: 1 }, 0)).toMatchObject({ ok: false, argument: 'difference' })
    expect(neededCases({ design: 'paired', sd: 1 }, 1e-9)).toMatchObject({ ok: false, argument: 'difference' })
    expect(detectableDifference({ design: 'paired', sd: 0 }, 10)).toMatchObject({ ok: false, argument: 'sd' })
    expect(neededPairsForRates(0.1, 0.2)).toMatchObject({ ok: false, argument: 'difference' })
    expect(neededCases({ design: 'paired', sd: 1 }, 1, { power: 0.01 })).toMatchObject({ ok: false, argument: 'power' })
  })
})
