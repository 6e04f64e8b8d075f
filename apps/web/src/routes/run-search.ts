import {
  itemSortKeys,
  maxScore,
  minScore,
  validatorTypes,
  type FailedCheck,
  type FailureKind,
  type ItemSort,
  type ItemState,
  type ScoreRange,
} from '@proctor/schema'
import { checksBy, type RunView } from '../features/run/run-view.ts'
import { listOf, member, textOf } from './search.ts'
import { failureKinds, itemStates } from '../data/item-state.ts'

type InsightsView = 'insights' | 'insights-tag' | 'insights-group'

/** What of the run's page stands in its address. */
export interface RunSearch {
  state?: ItemState[]
  kind?: FailureKind
  q?: string
  /** `helpfulness:..6`, `safety:4..7`; one a criterion. */
  score?: string[]
  check?: FailedCheck
  tag?: string
  group?: string
  /** A column, with `-` before it when the biggest stands first: `-latency`, `score_helpfulness`. */
  sort?: string
  /** The columns on show, joined by dots. */
  cols?: string
  /** The insights are open, checks by type, by tag or by group. */
  view?: InsightsView
  item?: string
  /** The assistant stands beside the table. */
  observer?: true
}

/** What does not fit is left out, as in every address. */
export function parseRunSearch(search: Record<string, unknown>): RunSearch {
  const scores = texts(search['score']).flatMap((text) => parseRange(text) ?? [])
  const check = (['any', ...validatorTypes] as const).find((known) => known === search['check'])
  const sort = parseSort(textOf(search['sort']))
  return {
    ...member('state', listOf(search['state'], itemStates)),
    ...member(
      'kind',
      failureKinds.find((kind) => kind === search['kind']),
    ),
    ...member('q', textOf(search['q'])),
    ...member('score', scores.length > 0 ? uniqueCriteria(scores).map(formatRange) : undefined),
    ...member('check', check),
    ...member('tag', textOf(search['tag'], 64)),
    ...member('group', textOf(search['group'], 128)),
    ...member('sort', sort ? formatSort(sort) : undefined),
    ...member('cols', textOf(search['cols'], 1000)),
    ...member(
      'view',
      checksBy.map(viewOf).find((view) => view === search['view']),
    ),
    ...member('item', textOf(search['item'])),
    ...member('observer', search['observer'] === true ? (true as const) : undefined),
  }
}

export function toRunView(search: RunSearch): RunView {
  return {
    filter: {
      state: search.state ?? [],
      kind: search.kind ?? null,
      text: search.q ?? '',
      scores: search.score?.flatMap((text) => parseRange(text) ?? []) ?? [],
      check: search.check ?? null,
      tag: search.tag ?? null,
      group: search.group ?? null,
    },
    sort: parseSort(search.sort),
    columns: search.cols?.split('.') ?? null,
    insights: checksBy.find((by) => viewOf(by) === search.view) ?? null,
  }
}

export function fromRunView({ filter, sort, columns, insights }: RunView): Omit<RunSearch, 'item' | 'observer'> {
  return {
    ...(filter.state.length > 0 ? { state: [...filter.state] } : {}),
    ...(filter.kind ? { kind: filter.kind } : {}),
    ...(filter.text ? { q: filter.text } : {}),
    ...(filter.scores.length > 0 ? { score: filter.scores.map(formatRange) } : {}),
    ...(filter.check ? { check: filter.check } : {}),
    ...(filter.tag ? { tag: filter.tag } : {}),
    ...(filter.group ? { group: filter.group } : {}),
    ...(sort ? { sort: formatSort(sort) } : {}),
    ...(columns ? { cols: columns.join('.') } : {}),
    ...(insights ? { view: viewOf(insights) } : {}),
  }
}

function viewOf(by: (typeof checksBy)[number]): InsightsView {
  return by === 'type' ? 'insights' : `insights-${by}`
}

function parseRange(text: string): ScoreRange | null {
  const [, criterion, from, to] = /^([a-z][a-z0-9_]{0,39}):(\d{0,2})\.\.(\d{0,2})$/.exec(text) ?? []
  if (criterion === undefined) return null
  const [min, max] = [from ? Number(from) : minScore, to ? Number(to) : maxScore]
  if (min < minScore || max > maxScore || min > max) return null
  return { criterion, ...(min > minScore ? { min } : {}), ...(max < maxScore ? { max } : {}) }
}

function formatRange({ criterion, min, max }: ScoreRange): string {
  return `${criterion}:${min ?? ''}..${max ?? ''}`
}

function uniqueCriteria(ranges: readonly ScoreRange[]): ScoreRange[] {
  return [...new Map(ranges.map((range) => [range.criterion, range])).values()]
}

function parseSort(text: string | undefined): ItemSort | null {
  const [, minus, name = '', criterion] = /^(-?)(?:([a-z]+)|score_([a-z][a-z0-9_]{0,39}))$/.exec(text ?? '') ?? []
  const descending = minus === '-'
  if (criterion !== undefined) return { by: 'score', criterion, descending }
  const by = itemSortKeys.find((key) => key === name)
  if (by === undefined || by === 'score' || (by === 'position' && !descending)) return null
  return { by, descending }
}

function formatSort({ by, criterion, descending }: ItemSort): string {
  return `${descending ? '-' : ''}${criterion === undefined ? by : `score_${criterion}`}`
}

function texts(value: unknown): string[] {
  const given: unknown[] = Array.isArray(value) ? value : [value]
  return given.filter((entry) => typeof entry === 'string')
}

/** The page of one item keeps the run's filter, so that previous and next go by it. */
export type ItemSearch = Omit<RunSearch, 'item'> & { texts?: 'raw' }

export function parseItemSearch(search: Record<string, unknown>): ItemSearch {
  const { item: _item, ...rest } = parseRunSearch(search)
  return { ...rest, ...(search['texts'] === 'raw' ? { texts: 'raw' as const } : {}) }
}
