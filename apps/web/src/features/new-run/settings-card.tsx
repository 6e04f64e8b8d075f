import { NumberInput, Switch, Textarea } from '@mantine/core'
import { Card, FieldRow } from '../../ui/card.tsx'
import type { NewRunForm, PatchForm } from './form.ts'

export function SettingsCard({
  form,
  patch,
  errorOf,
}: {
  form: NewRunForm
  patch: PatchForm
  errorOf: (field: string) => string | null
}) {
  return (
    <Card title="Calls and budget">
      <FieldRow>
        <NumberInput
          label="Concurrency"
          description="Calls at once, 1 to 256"
          min={1}
          max={256}
          clampBehavior="none"
          value={form.concurrency}
          onChange={(concurrency) => patch({ concurrency })}
          error={errorOf('concurrency')}
        />
        <NumberInput
          label="Repeats"
          description="Times each case is asked"
          min={1}
          max={100}
          clampBehavior="none"
          value={form.repeats}
          onChange={(repeats) => patch({ repeats })}
          error={errorOf('repeats')}
        />
        <NumberInput
          label="Budget"
          description="Hard cap, answers and judging"
          prefix="$"
          decimalScale={6}
          placeholder="no cap"
          min={0}
          clampBehavior="none"
          value={form.budgetUsd}
          onChange={(budgetUsd) => patch({ budgetUsd })}
          error={errorOf('budgetMicros')}
        />
      </FieldRow>
      <FieldRow>
        <NumberInput
          label="Temperature"
          placeholder="the provider's default"
          step={0.1}
          min={0}
          max={2}
          clampBehavior="none"
          value={form.temperature}
          onChange={(temperature) => patch({ temperature })}
          error={errorOf('call.temperature')}
        />
        <NumberInput
          label="Max output tokens"
          thousandSeparator=","
          min={1}
          clampBehavior="none"
          value={form.maxOutputTokens}
          onChange={(maxOutputTokens) => patch({ maxOutputTokens })}
          error={errorOf('call.maxOutputTokens')}
        />
      </FieldRow>
      <Textarea
        label="System prompt"
        placeholder="none; a case may bring its own"
        autosize
        minRows={2}
        maxRows={12}
        value={form.systemPrompt}
        onChange={(event) => patch({ systemPrompt: event.currentTarget.value })}
        error={errorOf('call.systemPrompt')}
      />
      <Switch
        label="Use answers of earlier calls that were the same"
        description="Free and at once, marked as such and left out of the latency. New answers are kept for later."
        checked={form.useCache}
        onChange={(event) => patch({ useCache: event.currentTarget.checked })}
      />
    </Card>
  )
}
