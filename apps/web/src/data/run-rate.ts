import type { LiveRun } from './run-reducer.ts'

export interface RunRate {
  perSecond: number
  /** Verdicts once every item is answered. */
  of: 'answers' | 'verdicts'
  /** Null when nothing moves, so that nothing can be said. */
  etaSeconds: number | null
}

/** Speed over the last half minute, and how long the rest takes at that speed. */
export function runRate({ run, samples }: LiveRun): RunRate | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (!run || !first || !last || last.atMs - first.atMs < 1000) return null
  const seconds = (last.atMs - first.atMs) / 1000
  const { counts } = run.progress
  const answers = (last.answers - first.answers) / seconds
  const verdicts = (last.verdicts - first.verdicts) / seconds
  const openAnswers = counts.pending + counts.running
  const openVerdicts = counts.judgeWaiting + (run.judge?.when === 'live' ? openAnswers * run.judge.sampleShare : 0)
  const eta = Math.max(timeFor(openAnswers, answers), timeFor(openVerdicts, verdicts))
  const of = openAnswers > 0 ? 'answers' : 'verdicts'
  const perSecond = Math.max(0, of === 'answers' ? answers : verdicts)
  return { perSecond, of, etaSeconds: Number.isFinite(eta) ? eta : null }
}

function timeFor(open: number, perSecond: number): number {
  if (open <= 0) return 0
  return perSecond > 0 ? open / perSecond : Number.POSITIVE_INFINITY
}
