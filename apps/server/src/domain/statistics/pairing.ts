import { indexClusters } from './mean.ts'
import { at, checkFinite, checkSameLength, firstFailure, type Numbers, type Outcome } from './result.ts'

/** Scores of one side, one entry per repeat; entries of the same case need not stand together. */
export interface CaseScores {
  caseIds: readonly string[]
  scores: Numbers
  /** The group of each entry's case, null for none; without the list, no case has a group. */
  groups?: readonly (string | null)[]
}

export interface CaseMeans {
  caseIds: string[]
  /** Mean over the repeats of the case. */
  means: Float64Array
  repeats: Int32Array
  groups: (string | null)[]
}

/**
 * Averages the repeats of each case: repeats are not new cases, and counting them as such would make
 * intervals too narrow. The group of a case is that of its first entry.
 */
export function averageByCase({ caseIds, scores, groups }: CaseScores): Outcome<CaseMeans> {
  const failure = firstFailure(checkSameLength(caseIds, scores, groups ?? caseIds), checkFinite(scores))
  if (failure) return failure
  const places = new Map<string, number>()
  const sums: number[] = []
  const repeats: number[] = []
  const caseGroups: (string | null)[] = []
  caseIds.forEach((caseId, index) => {
    let place = places.get(caseId)
    if (place === undefined) {
      place = sums.length
      places.set(caseId, place)
      sums.push(0)
      repeats.push(0)
      caseGroups.push(groups?.[index] ?? null)
    }
    sums[place] = at(sums, place) + at(scores, index)
    repeats[place] = at(repeats, place) + 1
  })
  return {
    ok: true,
    caseIds: [...places.keys()],
    means: Float64Array.from(sums, (sum, place) => sum / at(repeats, place)),
    repeats: Int32Array.from(repeats),
    groups: caseGroups,
  }
}

export interface Pairs {
  caseIds: string[]
  baseline: Float64Array
  candidate: Float64Array
  /** Null when no paired case has a group; then every pair counts as independent. */
  clusters: Int32Array | null
  /** Cases that only one side has. */
  onlyBaseline: number
  onlyCandidate: number
}

/** Joins two sides by case, in the order of the baseline, and counts what has no partner. */
export function pairByCase(baseline: CaseMeans, candidate: CaseMeans): Pairs {
  const places = new Map(candidate.caseIds.map((caseId, place) => [caseId, place]))
  const pairs = baseline.caseIds.flatMap((caseId, left) => {
    const right = places.get(caseId)
    return right === undefined ? [] : [{ caseId, left, right, group: baseline.groups[left] ?? null }]
  })
  return {
    caseIds: pairs.map(({ caseId }) => caseId),
    baseline: Float64Array.from(pairs, ({ left }) => at(baseline.means, left)),
    candidate: Float64Array.from(pairs, ({ right }) => at(candidate.means, right)),
    clusters: clustersOf(pairs.map(({ group }) => group)),
    onlyBaseline: baseline.caseIds.length - pairs.length,
    onlyCandidate: candidate.caseIds.length - pairs.length,
  }
}

/** Cluster numbers of groups, or null when there is no group at all. */
export function clustersOf(groups: readonly (string | null)[]): Int32Array | null {
  return groups.some((group) => group !== null) ? indexClusters(groups) : null
}
