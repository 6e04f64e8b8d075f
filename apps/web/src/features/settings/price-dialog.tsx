import { NumberInput, TextInput } from '@mantine/core'
import { modelPriceSchema } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { FieldRow } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

/** A price as it is typed, in dollars per million tokens. */
export interface PriceDraft {
  model: string
  effectiveFrom: string
  inputUsd?: number | string
  cachedInputUsd?: number | string
  outputUsd?: number | string
}

export function PriceDialog({
  draft,
  onClose,
  onSaved,
}: {
  draft: PriceDraft
  onClose: () => void
  onSaved: () => void
}) {
  const [form, setForm] = useState(draft)
  const [tried, setTried] = useState(false)
  const save = trpc.batch.prices.save.useMutation({ onSuccess: onSaved })
  const price = {
    model: form.model.trim(),
    effectiveFrom: form.effectiveFrom,
    inputMicrosPerMillion: micros(form.inputUsd),
    outputMicrosPerMillion: micros(form.outputUsd),
    // Without a price of its own, cached input costs what input costs.
    cachedInputMicrosPerMillion: micros(form.cachedInputUsd ?? form.inputUsd),
    source: 'Entered by hand',
  }
  const parsed = modelPriceSchema.safeParse(price)
  const issueOf = (field: keyof typeof price) => {
    const issue = tried && !parsed.success && parsed.error.issues.find(({ path }) => path[0] === field)
    if (!issue) return null
    return field.endsWith('Million') ? 'Give an amount in dollars, 0 or more.' : issue.message
  }
  const patch = (change: Partial<PriceDraft>) => setForm({ ...form, ...change })
  return (
    <Dialog
      opened
      title={draft.model ? `Price of ${draft.model}` : 'Add a price'}
      confirm="Save the price"
      isBusy={save.isPending}
      error={save.error ? readError(save.error) : null}
      onConfirm={() => {
        setTried(true)
        if (parsed.success) save.mutate(parsed.data)
      }}
      onClose={onClose}
    >
      <TextInput
        label="Model"
        placeholder="openai:my-model"
        value={form.model}
        onChange={(event) => patch({ model: event.currentTarget.value })}
        error={issueOf('model')}
        spellCheck={false}
      />
      <TextInput
        type="date"
        label="From"
        description="The day (UTC) from which it holds."
        value={form.effectiveFrom}
        onChange={(event) => patch({ effectiveFrom: event.currentTarget.value })}
        error={issueOf('effectiveFrom')}
      />
      <FieldRow>
        <Usd
          label="Input"
          value={form.inputUsd}
          onChange={(inputUsd) => patch({ inputUsd })}
          error={issueOf('inputMicrosPerMillion')}
        />
        <Usd
          label="Cached input"
          value={form.cachedInputUsd}
          onChange={(cachedInputUsd) => patch({ cachedInputUsd })}
          error={issueOf('cachedInputMicrosPerMillion')}
        />
        <Usd
          label="Output"
          value={form.outputUsd}
          onChange={(outputUsd) => patch({ outputUsd })}
          error={issueOf('outputMicrosPerMillion')}
        />
      </FieldRow>
      <Notice>US dollars per million tokens. A price counts from the next call on; earlier calls keep theirs.</Notice>
    </Dialog>
  )
}

function Usd({
  label,
  value,
  onChange,
  error,
}: {
  label: string
  value: number | string | undefined
  onChange: (value: number | string) => void
  error: string | null
}) {
  return (
    <NumberInput
      label={label}
      prefix="$"
      min={0}
      decimalScale={6}
      clampBehavior="none"
      value={value ?? ''}
      onChange={onChange}
      error={error}
    />
  )
}

/** No amount is no number, which the schema refuses. */
function micros(usd: number | string | undefined): number {
  return usd === undefined || usd === '' ? Number.NaN : Math.round(Number(usd) * 1_000_000)
}
