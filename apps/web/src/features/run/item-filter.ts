import {
  maxScore,
  minScore,
  type FailedCheck,
  type FailureKind,
  type Item,
  type ItemFilterInput,
  type ItemState,
  type ScoreRange,
} from '@proctor/schema'

export interface ItemFilter {
  state: readonly ItemState[]
  kind: FailureKind | null
  text: string
  scores: readonly ScoreRange[]
  /** The answer failed a check of this type, or any. */
  check: FailedCheck | null
  tag: string | null
  group: string | null
}

export const noFilter: ItemFilter = { state: [], kind: null, text: '', scores: [], check: null, tag: null, group: null }

export function isFiltering(filter: ItemFilter): boolean {
  const { state, kind, text, scores, check, tag, group } = filter
  return (
    state.length > 0 || kind !== null || text !== '' || scores.length > 0 || (check ?? tag ?? group ?? null) !== null
  )
}

/** What the server found for the parts of a filter that rows alone cannot answer; null where it has not said yet. */
export interface ServerMatches {
  /** Positions of items whose whole texts have the filter's text. */
  text: ReadonlySet<number> | null
  /** Positions of items that fit its check, tag and group. */
  cases: ReadonlySet<number> | null
}

/** The part of a filter that needs the cases or the checks themselves, or null. */
export function casesPart({ check, tag, group }: ItemFilter): ItemFilterInput | null {
  const part: ItemFilterInput = {
    ...(check !== null && check !== 'any' ? { failedCheck: check } : {}),
    ...(tag === null ? {} : { tag }),
    ...(group === null ? {} : { group }),
  }
  return Object.keys(part).length > 0 ? part : null
}

/** The whole filter as the server takes it. */
export function toFilterInput({ state, kind, text, scores, check, ...rest }: ItemFilter): ItemFilterInput {
  return {
    ...casesPart({ state, kind, text, scores, check, ...rest }),
    ...(check === null ? {} : { failedCheck: check }),
    ...(state.length > 0 ? { state: [...state] } : {}),
    ...(kind === null ? {} : { failureKind: kind }),
    ...(text === '' ? {} : { text }),
    ...(scores.length > 0 ? { scores: [...scores] } : {}),
  }
}

/**
 * Whether a row fits. A text is looked for in what the row shows, and the server's finds are added: a fresh
 * answer is found at once, a word deep inside a long one as soon as the server has looked.
 */
export function fits(item: Item, filter: ItemFilter, found: ServerMatches): boolean {
  if (filter.state.length > 0 && !filter.state.includes(item.state)) return false
  if (filter.kind !== null && item.failure?.kind !== filter.kind) return false
  if (filter.check === 'any' && item.validators.passed >= item.validators.total) return false
  if (!filter.scores.every((range) => isInRange(scoreOf(item, range.criterion), range))) return false
  if (casesPart(filter) !== null && !found.cases?.has(item.position)) return false
  return filter.text === '' || hasText(item, filter.text.toLowerCase()) || (found.text?.has(item.position) ?? false)
}

function hasText(item: Item, text: string): boolean {
  return [item.caseId, item.promptPreview, item.answerPreview, item.failure?.message].some((part) =>
    part?.toLowerCase().includes(text),
  )
}

export function scoreOf(item: Item, criterion: string): number | null {
  return item.scores.find((score) => score.criterion === criterion)?.score ?? null
}

/** In whole points, both ends included, as the server and the bars of the distribution count. */
function isInRange(score: number | null, { min = minScore, max = maxScore }: ScoreRange): boolean {
  return score !== null && Math.floor(score) >= min && Math.floor(score) <= max
}

/** The filter with another range for a criterion; null takes it away. */
export function withRange(filter: ItemFilter, criterion: string, range: Omit<ScoreRange, 'criterion'> | null) {
  const others = filter.scores.filter((entry) => entry.criterion !== criterion)
  return { ...filter, scores: range === null ? others : [...others, { criterion, ...range }] }
}

/** `≤ 6`, `≥ 8`, `7`, `4 to 6` */
export function rangeText({ min = minScore, max = maxScore }: Omit<ScoreRange, 'criterion'>): string {
  if (min === max) return String(min)
  if (min === minScore) return max === maxScore ? 'scored' : `≤ ${max}`
  return max === maxScore ? `≥ ${min}` : `${min} to ${max}`
}
