import type { Failure, ItemState, Judgment, MessageRole, Score, ValidatorResult } from '@proctor/schema'

/** One item of a run with all that is known of it, as it is exported. */
export interface ExportedItem {
  position: number
  caseId: string
  repeat: number
  state: ItemState
  tags: string[]
  group: string | null
  system: string | null
  turns: string[]
  expected: string | null
  notes: string | null
  /** What was said, oldest first; empty while there is no answer. */
  messages: { role: MessageRole; turn: number; content: string }[]
  /** The judges' current verdicts, oldest first. */
  judgments: Pick<Judgment, 'criterion' | 'judgeModel' | 'score' | 'passed' | 'threshold' | 'evidence'>[]
  /** The score of each criterion as the table shows it: the newest verdict. */
  scores: Score[]
  checks: ValidatorResult[]
  failure: Failure | null
  attempts: number
  latencyMs: number | null
  timeToFirstTokenMs: number | null
  inputTokens: number | null
  outputTokens: number | null
  /** Micro-dollars; null where the price is unknown. */
  costMicros: number | null
}

/** What a run's judges scored: the columns of a flat export. */
export interface ExportColumns {
  criteria: readonly string[]
  /** For criteria that several judges scored, a column each. */
  judged: readonly { criterion: string; judgeModel: string }[]
}

/** Columns for the verdicts of a run; a judge gets columns of its own only where another one scored the same. */
export function exportColumns(quality: readonly { criterion: string; judgeModel: string; n: number }[]): ExportColumns {
  const scored = quality.filter(({ n }) => n > 0)
  const criteria = [...new Set(scored.map(({ criterion }) => criterion))]
  const judged = scored.filter(({ criterion }) => scored.filter((other) => other.criterion === criterion).length > 1)
  return { criteria, judged: judged.map(({ criterion, judgeModel }) => ({ criterion, judgeModel })) }
}
