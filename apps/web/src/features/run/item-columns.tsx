import { createColumnHelper, tableFeatures } from '@tanstack/react-table'
import type { Item, ItemSort } from '@proctor/schema'
import { formatCompact } from '../../ui/count.ts'
import { formatLatency } from '../../ui/duration.ts'
import { ItemStateBadge } from '../../ui/item-state.tsx'
import { formatMoney } from '../../ui/money.ts'
import { ScoreCell } from './score-cell.tsx'
import classes from './item-table.module.css'

export const itemFeatures = tableFeatures({})
const helper = createColumnHelper<typeof itemFeatures, Item>()

/** A criterion as a column. */
export interface CriterionColumn {
  id: string
  name: string
}

/** Width of a column in pixels; those with a share take what is left over. */
const widths: Record<string, { px: number; share?: number }> = {
  position: { px: 48 },
  caseId: { px: 84, share: 0.4 },
  state: { px: 108 },
  stateIcon: { px: 28 },
  prompt: { px: 60, share: 1 },
  answer: { px: 60, share: 1.1 },
  validators: { px: 64 },
  latency: { px: 74 },
  tokens: { px: 66 },
  cost: { px: 88 },
}
const criterionWidth: { px: number; share?: number } = { px: 50 }
const rowPaddingPx = 16

/** The grid of a row: every row is a grid of its own, so the tracks must not depend on what is in them. */
export function rowGrid(columnIds: readonly string[]): { template: string; minWidth: number } {
  const columns = columnIds.map((id) => widths[id] ?? criterionWidth)
  return {
    template: columns.map(({ px, share }) => (share ? `minmax(${px}px, ${share}fr)` : `${px}px`)).join(' '),
    minWidth: columns.reduce((sum, { px }) => sum + px, rowPaddingPx),
  }
}

/** Columns that can be put away, by the names that addresses have for them. The number and the case always stay. */
export function columnChoices(criteria: readonly CriterionColumn[]): { name: string; label: string }[] {
  return [
    { name: 'state', label: 'State' },
    { name: 'prompt', label: 'Prompt' },
    { name: 'answer', label: 'Answer' },
    ...criteria.map(({ id, name }) => ({ name: `score_${id}`, label: name })),
    { name: 'checks', label: 'Checks' },
    { name: 'latency', label: 'Latency' },
    { name: 'tokens', label: 'Tokens' },
    { name: 'cost', label: 'Cost' },
  ]
}

/** The name of a column in addresses. */
function nameOf(columnId: string): string {
  if (columnId === 'stateIcon') return 'state'
  return columnId === 'validators' ? 'checks' : columnId.replace(' ', '_')
}

const sortable: ReadonlySet<string> = new Set(['position', 'state', 'latency', 'tokens', 'cost', 'checks'])

/** What a click on the head of a column sorts by; null for texts. */
export function sortOfColumn(columnId: string): Pick<ItemSort, 'by' | 'criterion'> | null {
  const name = nameOf(columnId)
  if (columnId.startsWith('score ')) return { by: 'score', criterion: columnId.slice('score '.length) }
  return sortable.has(name) ? { by: name as ItemSort['by'] } : null
}

/** Columns of the table of items; `compact` leaves out what the open panel shows anyway. */
export function itemColumns(
  criteria: readonly CriterionColumn[],
  chosen: readonly string[] | null,
  showsRepeat: boolean,
  compact: boolean,
) {
  const first = [
    helper.accessor('position', {
      id: 'position',
      header: '#',
      cell: ({ row }) => <span className={classes['quiet']}>{row.original.position + 1}</span>,
    }),
    helper.accessor('caseId', {
      id: 'caseId',
      header: 'Case',
      cell: ({ row: { original } }) => (
        <span title={original.caseId}>
          {original.caseId}
          {showsRepeat && <span className={classes['quiet']}> ×{original.repeat}</span>}
        </span>
      ),
    }),
    helper.accessor('state', {
      id: compact ? 'stateIcon' : 'state',
      header: compact ? () => <span className="visually-hidden">State</span> : 'State',
      cell: ({ row }) => <ItemStateBadge state={row.original.state} iconOnly={compact} />,
    }),
  ]
  const texts = [
    helper.accessor('promptPreview', { id: 'prompt', header: 'Prompt', cell: ({ row }) => row.original.promptPreview }),
    helper.accessor('answerPreview', {
      id: 'answer',
      header: 'Answer',
      cell: ({ row }) => <AnswerCell item={row.original} />,
    }),
  ]
  const scores = criteria.map(({ id, name }) =>
    helper.display({
      id: `score ${id}`,
      header: () => <span title={name}>{name.slice(0, 4)}</span>,
      cell: ({ row }) => <ScoreCell item={row.original} criterion={id} />,
    }),
  )
  const numbers = [
    helper.display({ id: 'validators', header: 'Checks', cell: ({ row }) => <ValidatorsCell item={row.original} /> }),
    helper.accessor('latencyMs', {
      id: 'latency',
      header: 'Latency',
      cell: ({ row }) => shown(row.original.latencyMs, formatLatency),
    }),
    helper.display({
      id: 'tokens',
      header: 'Tokens',
      cell: ({ row: { original } }) => shown(tokensOf(original), formatCompact),
    }),
    helper.accessor('costMicros', { id: 'cost', header: 'Cost', cell: ({ row }) => <CostCell item={row.original} /> }),
  ]
  const all = compact
    ? [...first, ...texts.slice(0, 1), ...scores, ...numbers.slice(0, 1)]
    : [...first, ...texts, ...scores, ...numbers]
  return helper.columns(all.filter(({ id = '' }) => id === 'position' || id === 'caseId' || isShown(id, chosen)))
}

function isShown(columnId: string, chosen: readonly string[] | null): boolean {
  return chosen === null || chosen.includes(nameOf(columnId))
}

function AnswerCell({ item }: { item: Item }) {
  if (item.failure && item.state === 'failed') return <span className={classes['failure']}>{item.failure.message}</span>
  return item.answerPreview
}

function ValidatorsCell({ item: { validators } }: { item: Item }) {
  if (validators.total === 0) return null
  const failed = validators.passed < validators.total
  return (
    <span className={failed ? classes['failure'] : undefined}>
      {validators.passed}/{validators.total}
    </span>
  )
}

/** An unknown price is said, not shown as an empty cell: unknown is not free. */
function CostCell({ item }: { item: Item }) {
  if (item.costMicros !== null) return formatMoney(item.costMicros)
  return item.messageId === null ? null : (
    <span className={classes['quiet']} title="The price of the model is unknown">
      unknown
    </span>
  )
}

function tokensOf(item: Item): number | null {
  if (item.inputTokens === null || item.outputTokens === null) return null
  return item.inputTokens + item.outputTokens
}

function shown(value: number | null, format: (value: number) => string): string | null {
  return value === null ? null : format(value)
}
