import { Autocomplete } from '@mantine/core'
import type { ModelInfo, ProviderStatus } from '@proctor/schema'
import classes from './model-picker.module.css'
import { Notice } from './notice.tsx'

/** A model as `provider:model`: chosen from the list or typed; says what is missing to call it. */
export function ModelPicker({
  label,
  value,
  onChange,
  models,
  providers,
  error,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  models: readonly ModelInfo[]
  providers: readonly ProviderStatus[]
  error?: string | null
}) {
  const byRef = new Map(models.map((model) => [model.ref, model]))
  const groups = providers
    .map(({ provider }) => ({
      group: provider,
      items: models.filter((model) => model.provider === provider).map((model) => model.ref),
    }))
    .filter(({ items }) => items.length > 0)
  const chosenProvider = value.split(':')[0]
  // Nothing chosen yet: say what is not on offer. Chosen: only what concerns the choice.
  const problems = providers.filter(
    ({ provider, ready, problem }) => !ready && problem && (value === '' || provider === chosenProvider),
  )
  const chosen = byRef.get(value)

  return (
    <div className={classes['picker']}>
      <Autocomplete
        label={label}
        placeholder="provider:model, for example openai:gpt-4.1-mini"
        value={value}
        onChange={onChange}
        data={groups}
        error={error}
        limit={100}
        maxDropdownHeight={280}
        spellCheck={false}
        renderOption={({ option }) => (
          <span className={classes['option']}>
            <span>{option.value}</span>
            <span className={classes['price']}>{priceText(byRef.get(option.value))}</span>
          </span>
        )}
      />
      {chosen && !error && <p className={classes['hint']}>{priceText(chosen)}</p>}
      {problems.map(({ provider, problem }) => (
        <Notice key={provider} tone={provider === chosenProvider ? 'fair' : 'quiet'}>
          <span>
            <strong>{provider}</strong> cannot be called. {problem}
          </span>
        </Notice>
      ))}
    </div>
  )
}

function priceText(model: ModelInfo | undefined): string {
  if (!model?.price) return 'price unknown'
  const { inputMicrosPerMillion, outputMicrosPerMillion } = model.price
  return `$${perMillion(inputMicrosPerMillion)} in · $${perMillion(outputMicrosPerMillion)} out per million tokens`
}

function perMillion(micros: number): string {
  return (micros / 1_000_000).toFixed(2)
}
