import { bootstrapMean, type BcaInterval } from './bootstrap.ts'
import { cliffsDelta, pairedEffect, type CliffsDelta, type PairedEffect } from './effect-size.ts'
import { testRankSums, type RankSumTest } from './mann-whitney.ts'
import { estimateMean, type MeanEstimate } from './mean.ts'
import { differencesOf, momentsOf } from './moments.ts'
import { averageByCase, clustersOf, pairByCase, type CaseMeans, type CaseScores, type Pairs } from './pairing.ts'
import type { Random } from './random.ts'
import { checkSameLength, defaultConfidence, notEnough, type Numbers, type Outcome, type Warning } from './result.ts'
import { compareUnpairedMeans, type UnpairedMeans } from './unpaired.ts'
import { testSignedRanks, type SignedRankTest } from './wilcoxon.ts'

export interface PairedOptions {
  confidence?: number
  /** One cluster number per pair, see `indexClusters`. */
  clusters?: Numbers
  /** Also makes a BCa bootstrap interval, which costs resamples x pairs. */
  bootstrap?: { random: Random; resamples?: number }
}

export interface PairedComparison {
  pairs: number
  baselineMean: number
  candidateMean: number
  /** Candidate minus baseline: mean, t test and interval; cluster-robust when clusters were given. */
  difference: MeanEstimate
  signedRanks: SignedRankTest
  effect: PairedEffect
  cliffsDelta: CliffsDelta
  bootstrap: BcaInterval | null
}

/** Everything about two equally long lists of scores on the same cases, in the same order. */
export function comparePaired(
  baseline: Numbers,
  candidate: Numbers,
  options: PairedOptions = {},
): Outcome<PairedComparison> {
  const { confidence = defaultConfidence, clusters, bootstrap } = options
  const mismatch = checkSameLength(baseline, candidate)
  if (mismatch) return mismatch
  const differences = differencesOf(baseline, candidate)
  const clustering = clusters ? { clusters } : {}
  const difference = estimateMean(differences, { confidence, ...clustering })
  if (!difference.ok) return difference
  const signedRanks = testSignedRanks(differences)
  if (!signedRanks.ok) return signedRanks
  const effect = pairedEffect(differences)
  if (!effect.ok) return effect
  const dominance = cliffsDelta(baseline, candidate)
  if (!dominance.ok) return dominance
  const resampled = bootstrap ? bootstrapMean(differences, { confidence, ...bootstrap, ...clustering }) : null
  if (resampled && !resampled.ok) return resampled
  return {
    ok: true,
    pairs: differences.length,
    baselineMean: momentsOf(baseline).mean,
    candidateMean: momentsOf(candidate).mean,
    difference,
    signedRanks,
    effect,
    cliffsDelta: dominance,
    bootstrap: resampled,
  }
}

export interface UnpairedComparison {
  means: UnpairedMeans
  rankSums: RankSumTest
  cliffsDelta: CliffsDelta
}

/** Why a design was chosen, for the reader. */
export type DesignReason =
  | { code: 'same-cases'; shared: number; shareOfSmaller: number }
  | { code: 'too-few-shared-cases'; shared: number; shareOfSmaller: number; needed: number }

export type Comparison =
  | { design: 'paired'; reason: DesignReason; comparison: PairedComparison; warnings: Warning[] }
  | { design: 'unpaired'; reason: DesignReason; comparison: UnpairedComparison; warnings: Warning[] }

export interface CompareOptions {
  confidence?: number
  bootstrap?: { random: Random; resamples?: number }
  /** Paired from this share of the smaller side's cases on; 0.5 unless said otherwise. */
  leastSharedShare?: number
}

/**
 * Compares two sides that may or may not share cases. Paired when at least two cases, and half of the
 * smaller side's cases, are on both sides: pairing takes the differences between cases out of the error.
 * Otherwise each side is taken as a sample of its own. What is left out is counted in the warnings.
 */
export function compareCases(
  baseline: CaseScores,
  candidate: CaseScores,
  options: CompareOptions = {},
): Outcome<Comparison> {
  const { leastSharedShare = 0.5, ...rest } = options
  const below = averageByCase(baseline)
  if (!below.ok) return below
  const above = averageByCase(candidate)
  if (!above.ok) return above
  const smaller = Math.min(below.caseIds.length, above.caseIds.length)
  if (smaller === 0) return notEnough(0, 1)

  const pairs = pairByCase(below, above)
  const shared = pairs.caseIds.length
  const shareOfSmaller = shared / smaller
  return shared >= 2 && shareOfSmaller >= leastSharedShare
    ? paired(pairs, rest, { code: 'same-cases', shared, shareOfSmaller })
    : unpaired(below, above, rest, {
        code: 'too-few-shared-cases',
        shared,
        shareOfSmaller,
        needed: Math.max(2, Math.ceil(leastSharedShare * smaller)),
      })
}

function paired(pairs: Pairs, options: CompareOptions, reason: DesignReason): Outcome<Comparison> {
  const { clusters, onlyBaseline, onlyCandidate } = pairs
  const comparison = comparePaired(pairs.baseline, pairs.candidate, { ...options, ...(clusters && { clusters }) })
  if (!comparison.ok) return comparison
  const warnings: Warning[] =
    onlyBaseline + onlyCandidate > 0 ? [{ code: 'unpaired-cases', onlyBaseline, onlyCandidate }] : []
  return { ok: true, design: 'paired', reason, comparison, warnings }
}

function unpaired(
  baseline: CaseMeans,
  candidate: CaseMeans,
  { confidence = defaultConfidence }: CompareOptions,
  reason: DesignReason,
): Outcome<Comparison> {
  const baselineClusters = clustersOf(baseline.groups)
  const candidateClusters = clustersOf(candidate.groups)
  const means = compareUnpairedMeans(baseline.means, candidate.means, {
    confidence,
    ...(baselineClusters && { baselineClusters }),
    ...(candidateClusters && { candidateClusters }),
  })
  if (!means.ok) return means
  const rankSums = testRankSums(baseline.means, candidate.means)
  if (!rankSums.ok) return rankSums
  const dominance = cliffsDelta(baseline.means, candidate.means)
  if (!dominance.ok) return dominance
  const warnings: Warning[] = reason.shared > 0 ? [{ code: 'overlapping-cases', shared: reason.shared }] : []
  return { ok: true, design: 'unpaired', reason, comparison: { means, rankSums, cliffsDelta: dominance }, warnings }
}
