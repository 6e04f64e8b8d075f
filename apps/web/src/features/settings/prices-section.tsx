import { ActionIcon, Button } from '@mantine/core'
import { IconArrowBackUp, IconPencil, IconPlus } from '@tabler/icons-react'
import type { DatedPrice } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { ListFilters, ListSkeleton, ListTable, Second, type ListColumn } from '../../ui/list-table.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useRowCursor } from '../../ui/use-row-cursor.ts'
import { PriceDialog, type PriceDraft } from './price-dialog.tsx'
import classes from './settings.module.css'

/** What models cost, from which day on; every row is kept, so that past runs keep what they cost. */
export function PricesSection() {
  const utils = trpc.useUtils()
  const query = trpc.batch.prices.listAll.useQuery()
  const [text, setText] = useState('')
  // Prices go by days in UTC.
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const [editing, setEditing] = useState<PriceDraft | null>(null)
  const [removing, setRemoving] = useState<DatedPrice | null>(null)
  const refresh = () => Promise.all([utils.batch.prices.invalidate(), utils.judge.models.invalidate()])
  const remove = trpc.batch.prices.remove.useMutation({
    onSuccess: async () => {
      await refresh()
      setRemoving(null)
    },
  })
  const all = query.data?.prices ?? []
  const shown = all.filter((price) => `${price.model} ${price.source}`.toLowerCase().includes(text.toLowerCase()))
  const cursor = useRowCursor(shown.length, (index) => {
    const price = shown[index]
    if (price) setEditing(draftOf(price))
  })
  if (query.error)
    return (
      <ErrorNotice
        error={readError(query.error)}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    )
  const columns = priceColumns(all, today, (price) => setEditing(draftOf(price)), setRemoving)
  return (
    <>
      {(query.data?.unpricedModels ?? []).map((model) => (
        <Notice key={model} tone="fair">
          <span className={classes['row']}>
            <span>
              <strong>{model}</strong> was used without a price: its cost is unknown, and it can have no budget.
            </span>
            <Button onClick={() => setEditing({ model, effectiveFrom: today })}>Add its price</Button>
          </span>
        </Notice>
      ))}
      <ListFilters>
        <FilterText label="Filter by model or source" value={text} onChange={setText} />
        <Button
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setEditing({ model: '', effectiveFrom: today })}
        >
          Add a price
        </Button>
        <span className={classes['quiet']}>US dollars per million tokens</span>
      </ListFilters>
      {query.isPending && <ListSkeleton label="Loading prices" />}
      {query.isSuccess && (
        <ListTable
          rows={shown}
          columns={columns}
          keyOf={(price) => `${price.model} ${price.effectiveFrom}`}
          current={cursor}
          testId="price-row"
        />
      )}
      {editing && (
        <PriceDialog
          draft={editing}
          onClose={() => setEditing(null)}
          onSaved={() => void refresh().then(() => setEditing(null))}
        />
      )}
      {removing && (
        <Dialog
          opened
          title="Take back this price?"
          confirm="Take it back"
          tone="danger"
          isBusy={remove.isPending}
          error={remove.error ? readError(remove.error) : null}
          onConfirm={() => remove.mutate({ model: removing.model, effectiveFrom: removing.effectiveFrom })}
          onClose={() => setRemoving(null)}
        >
          <p>
            {removing.model} from {removing.effectiveFrom}: {usd(removing.inputMicrosPerMillion)} in,{' '}
            {usd(removing.outputMicrosPerMillion)} out. What past calls cost stays as it was counted.
          </p>
        </Dialog>
      )}
    </>
  )
}

function priceColumns(
  all: readonly DatedPrice[],
  today: string,
  onEdit: (price: DatedPrice) => void,
  onRemove: (price: DatedPrice) => void,
): ListColumn<DatedPrice>[] {
  return [
    {
      name: 'Model',
      cell: (price) => (
        <>
          {price.model}
          <Second>{stateOf(price, all, today)}</Second>
        </>
      ),
    },
    { name: 'From', cell: (price) => <span className={classes['together']}>{price.effectiveFrom}</span> },
    { name: 'Input', isNumeric: true, cell: (price) => usd(price.inputMicrosPerMillion) },
    { name: 'Cached input', isNumeric: true, cell: (price) => usd(price.cachedInputMicrosPerMillion) },
    { name: 'Output', isNumeric: true, cell: (price) => usd(price.outputMicrosPerMillion) },
    {
      name: 'Source',
      cell: (price) => (
        <>
          {price.fromList ? "Proctor's list" : 'yours'}
          <Second>
            <span title={price.source}>{shortSource(price.source)}</span>
          </Second>
        </>
      ),
    },
    {
      name: '',
      cell: (price) => (
        <span className={classes['together']}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Change the price of ${price.model} from ${price.effectiveFrom}`}
            onClick={() => onEdit(price)}
          >
            <IconPencil size={15} />
          </ActionIcon>
          {!price.fromList && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take back the price of ${price.model} from ${price.effectiveFrom}`}
              onClick={() => onRemove(price)}
            >
              <IconArrowBackUp size={15} />
            </ActionIcon>
          )}
        </span>
      ),
    },
  ]
}

function draftOf(price: DatedPrice): PriceDraft {
  return {
    model: price.model,
    effectiveFrom: price.effectiveFrom,
    inputUsd: price.inputMicrosPerMillion / 1_000_000,
    cachedInputUsd: price.cachedInputMicrosPerMillion / 1_000_000,
    outputUsd: price.outputMicrosPerMillion / 1_000_000,
  }
}

/** Rows of a model stand newest first, so the first one of today or before is in force. */
function stateOf(price: DatedPrice, all: readonly DatedPrice[], today: string): string {
  if (price.effectiveFrom > today) return 'not yet in force'
  const inForce = all.find(({ model, effectiveFrom }) => model === price.model && effectiveFrom <= today)
  return inForce?.effectiveFrom === price.effectiveFrom ? 'in force' : 'replaced'
}

function shortSource(source: string): string {
  return URL.canParse(source) ? new URL(source).host : source
}

/** Cents at least, and as many digits as there are. */
function usd(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`
}
