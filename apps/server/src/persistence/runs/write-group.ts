import { uuidv7 } from '../ids.ts'
import type { Outcome } from '../../domain/run-ports.ts'
import { toProgress, type Fold } from '../../domain/scheduler/transitions.ts'
import type { Transaction } from '../database.ts'

/**
 * Writes a folded group and its events, and tells the subscribers. Expects the run's row to be locked.
 * @returns the number of the last event
 */
export async function writeGroup(tx: Transaction, runId: string, lastSeq: number, fold: Fold): Promise<number> {
  const group = toGroup(lastSeq, fold)
  await tx.$queryRawUnsafe('SELECT 1 AS written FROM proctor_write_group($1::uuid, $2::jsonb)', runId, toJson(group))
  return group.lastSeq
}

/** The parameter of the database's function; only the number matters outside of it. */
interface Group extends Record<string, unknown> {
  lastSeq: number
}

/**
 * A folded group as the database's function takes it: one JSON document with a list per table, since
 * round trips cost more than rows.
 */
export function toGroup(lastSeq: number, { totals, items, applied }: Fold): Group {
  const tries = new Map(
    applied.flatMap((outcome) => (outcome.type === 'failed' ? [[outcome.itemId, outcome.tries] as const] : [])),
  )
  let seq = lastSeq
  const numbered = items.map((item) => {
    seq += 1
    return { ...item, tries: tries.get(item.id), seq }
  })
  // The last event of a group tells the counters.
  seq += 1
  return { ...totals, items: numbered, progress: toProgress(totals), ...toRecords(applied), lastSeq: seq }
}

/** The new rows of the group, a list per table. */
function toRecords(applied: readonly Outcome[]) {
  const messages: object[] = []
  const validatorResults: object[] = []
  const judgeCalls: object[] = []
  const judgments: object[] = []
  for (const outcome of applied) {
    if (outcome.type === 'answered') {
      for (const message of outcome.messages) messages.push({ ...message, itemId: outcome.itemId })
      const messageId = outcome.messages.at(-1)?.id
      outcome.validatorResults.forEach((result, position) =>
        validatorResults.push({ id: uuidv7(), messageId, position, ...result }),
      )
    } else if (outcome.type === 'judged') {
      const records = toJudgeRecords(outcome)
      judgeCalls.push(records.judgeCall)
      judgments.push(...records.judgments)
    }
  }
  return { messages, validatorResults, judgeCalls, judgments }
}

/** The rows of one judge call. */
export function toJudgeRecords({ call }: Extract<Outcome, { type: 'judged' }>): {
  judgeCall: object
  judgments: object[]
} {
  const { outcome, usage, ...rest } = call
  const { id: judgeCallId, messageId, judgeModel, promptVersion } = rest
  const failure = outcome.ok ? null : outcome.failure
  const rawText = outcome.ok ? null : outcome.rawText
  const judgments = outcome.ok
    ? outcome.judgments.map((entry) => ({ ...entry, judgeCallId, messageId, judgeModel, promptVersion }))
    : []
  return { judgeCall: { ...rest, ...usage, failure, rawText }, judgments }
}

// An escape that jsonb refuses: U+0000, or half of a surrogate pair (whole pairs are not escaped).
const refusedEscape = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

/** JSON for a jsonb parameter. Models do emit characters that jsonb cannot hold: they are replaced, visibly. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(refusedEscape, String.raw`$1\ufffd`)
}

/** The value as it can be stored outside JSON, too: text columns refuse the same characters. */
export function storable<T>(value: T): T {
  return JSON.parse(toJson(value)) as T
}
