import type { FeedbackVerdict, Judgment } from '@proctor/schema'
import { criterionName } from '../criterion-name.ts'

type Verdict = Pick<Judgment, 'criterion' | 'passed'>

/**
 * A sentence where a person and the judge see an answer differently: a thumb up against most criteria
 * failed, or a thumb down against most passed. Null where they agree, or where nothing can be said.
 */
export function disagreement(verdict: FeedbackVerdict | null, judgments: readonly Verdict[]): string | null {
  if (verdict === null || judgments.length === 0) return null
  const against = judgments.filter(({ passed }) => passed !== (verdict === 'up'))
  if (against.length * 2 <= judgments.length) return null
  const names = [...new Set(against.map(({ criterion }) => criterionName(criterion)))]
  const [opinion, did] = verdict === 'up' ? ['You like', 'failed'] : ['You dislike', 'passed']
  return `${opinion} this answer; the judge ${did} it on ${listed(names)}.`
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  const lower = names.map((name) => name.toLowerCase())
  return names.length < 2 ? last.toLowerCase() : `${lower.slice(0, -1).join(', ')} and ${last.toLowerCase()}`
}
