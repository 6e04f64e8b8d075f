import { momentsOf, sortedCopy } from './moments.ts'
import { at, checkFinite, firstFailure, notEnough, type Numbers, type Outcome } from './result.ts'

export interface CliffsDelta {
  /** P(candidate > baseline) - P(candidate < baseline) over all pairs of values, from -1 to 1. */
  delta: number
  /** The usual words, with the limits of Romano et al. 2006: 0.147, 0.33, 0.474. */
  magnitude: 'negligible' | 'small' | 'medium' | 'large'
}

/** Cliff's delta (Cliff 1993) of two samples, ties counting for neither side; O(n log n). */
export function cliffsDelta(baseline: Numbers, candidate: Numbers): Outcome<CliffsDelta> {
  const failure = firstFailure(
    Math.min(baseline.length, candidate.length) === 0 ? notEnough(0, 1) : null,
    checkFinite(baseline),
    checkFinite(candidate),
  )
  if (failure) return failure
  const low = sortedCopy(baseline)
  const high = sortedCopy(candidate)
  let balance = 0
  let below = 0
  let notAbove = 0
  for (const value of high) {
    while (below < low.length && at(low, below) < value) below += 1
    while (notAbove < low.length && at(low, notAbove) <= value) notAbove += 1
    balance += below - (low.length - notAbove)
  }
  const delta = balance / low.length / high.length
  const size = Math.abs(delta)
  const magnitude = size < 0.147 ? 'negligible' : size < 0.33 ? 'small' : size < 0.474 ? 'medium' : 'large'
  return { ok: true, delta, magnitude }
}

export interface PairedEffect {
  /** Mean difference over the standard deviation of differences (Cohen's d_z); null where that is 0. */
  dz: number | null
  wins: number
  losses: number
  ties: number
}

/** Effect of paired differences: d_z, and how many pairs the candidate wins, loses and ties. */
export function pairedEffect(differences: Numbers): Outcome<PairedEffect> {
  const n = differences.length
  const failure = firstFailure(n === 0 ? notEnough(0, 1) : null, checkFinite(differences))
  if (failure) return failure
  const { mean, squares, isConstant } = momentsOf(differences)
  let wins = 0
  let losses = 0
  for (let index = 0; index < n; index++) {
    const difference = at(differences, index)
    if (difference > 0) wins += 1
    else if (difference < 0) losses += 1
  }
  const dz = n > 1 && !isConstant ? mean / Math.sqrt(squares / (n - 1)) : null
  return { ok: true, dz, wins, losses, ties: n - wins - losses }
}
