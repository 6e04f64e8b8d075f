import { adjustHolm, averageByCase, compareCases, createBettingSequence, pairByCase } from '../statistics/index.ts'
import type { CaseScore, OtherRun } from './facts.ts'
import { round } from './present.ts'

const alpha = 0.05
const widest = 9

export interface CriterionScores {
  criterion: string
  baseline: readonly CaseScore[]
  candidate: readonly CaseScore[]
}

export interface ComparedCriterion {
  criterion: string
  cases: number
  baselineScore: number
  thisScore: number
  changeScore: number
  /** 95% interval of the change. */
  lowScore: number | null
  highScore: number | null
  verdict: 'better' | 'worse' | 'no clear difference' | 'too few cases'
}

/**
 * Scores of two runs per criterion. Finished runs: paired by case where they share cases, Holm over the
 * criteria. A run in flight is looked at again and again, so it gets an anytime-valid interval instead,
 * at the level that Bonferroni leaves each criterion.
 */
export function compareRuns(
  other: OtherRun,
  scores: readonly CriterionScores[],
  isMoving: boolean,
): { against: string; method: string; criteria: ComparedCriterion[] } {
  const criteria = isMoving ? scores.map((entry) => compareLive(entry, scores.length)) : compareFinished(scores)
  return {
    against: other.sessionId ?? other.model,
    method: isMoving ? 'same cases, interval valid while the run goes on' : 'same cases, t interval, Holm',
    criteria,
  }
}

function compareFinished(scores: readonly CriterionScores[]): ComparedCriterion[] {
  type Compared = { row: Omit<ComparedCriterion, 'verdict'>; pValue: number | null; isTooFew?: true }
  const compared = scores.map(({ criterion, baseline, candidate }): Compared => {
    const outcome = compareCases(toSide(baseline), toSide(candidate))
    if (!outcome.ok) return { row: tooFew(criterion, baseline, candidate), pValue: null, isTooFew: true }
    if (outcome.design === 'unpaired') {
      const { means } = outcome.comparison
      const row = {
        criterion,
        cases: means.candidate.n,
        baselineScore: round(means.baseline.mean, 2),
        thisScore: round(means.candidate.mean, 2),
        changeScore: round(means.meanDifference, 2),
        ...ends(means.test?.interval),
      }
      return { row, pValue: means.test?.pValue ?? null }
    }
    const { pairs, baselineMean, candidateMean, difference } = outcome.comparison
    const row = {
      criterion,
      cases: pairs,
      baselineScore: round(baselineMean, 2),
      thisScore: round(candidateMean, 2),
      changeScore: round(difference.mean, 2),
      ...ends(difference.test?.interval),
    }
    return { row, pValue: difference.test?.pValue ?? null }
  })
  const holm = adjustHolm(compared.map(({ pValue }) => pValue))
  return compared.map(({ row, isTooFew }, index) => {
    if (isTooFew || row.cases < 2) return { ...row, verdict: 'too few cases' }
    const p = holm.ok ? (holm.adjusted[index] ?? null) : null
    return { ...row, verdict: p !== null && p < alpha ? directionOf(row.changeScore) : 'no clear difference' }
  })
}

function compareLive({ criterion, baseline, candidate }: CriterionScores, family: number): ComparedCriterion {
  const below = averageByCase(toSide(baseline))
  const above = averageByCase(toSide(candidate))
  const sequence = createBettingSequence({
    lower: -widest,
    upper: widest,
    confidence: 1 - alpha / family,
    gridSteps: 360,
  })
  if (!below.ok || !above.ok || !sequence.ok) return tooFew(criterion, baseline, candidate)
  const pairs = pairByCase(below, above)
  if (pairs.caseIds.length < 2) return tooFew(criterion, baseline, candidate)
  pairs.candidate.forEach((score, index) => sequence.sequence.add(score - (pairs.baseline[index] ?? 0)))
  const { interval, mean } = sequence.sequence.state()
  const verdict = interval.upper < 0 ? 'worse' : interval.lower > 0 ? 'better' : 'no clear difference'
  return {
    criterion,
    cases: pairs.caseIds.length,
    baselineScore: round(average(pairs.baseline), 2),
    thisScore: round(average(pairs.candidate), 2),
    changeScore: round(mean ?? 0, 2),
    ...ends(interval),
    verdict,
  }
}

function tooFew(criterion: string, baseline: readonly CaseScore[], candidate: readonly CaseScore[]): ComparedCriterion {
  const [before, after] = [baseline, candidate].map((side) => average(side.map(({ score }) => score)))
  return {
    criterion,
    cases: Math.min(baseline.length, candidate.length),
    baselineScore: round(before ?? 0, 2),
    thisScore: round(after ?? 0, 2),
    changeScore: round((after ?? 0) - (before ?? 0), 2),
    lowScore: null,
    highScore: null,
    verdict: 'too few cases',
  }
}

function directionOf(change: number): 'better' | 'worse' {
  return change < 0 ? 'worse' : 'better'
}

function ends(interval: { lower: number; upper: number } | null | undefined) {
  return {
    lowScore: interval ? round(interval.lower, 2) : null,
    highScore: interval ? round(interval.upper, 2) : null,
  }
}

function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0
  return values.length === 0 ? 0 : sum / values.length
}

function toSide(scores: readonly CaseScore[]) {
  return {
    caseIds: scores.map(({ caseId }) => caseId),
    scores: scores.map(({ score }) => score),
    groups: scores.map(({ group }) => group),
  }
}
