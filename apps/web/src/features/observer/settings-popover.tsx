import { Button, NumberInput, Popover, Switch } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { ObserverDetail } from '@proctor/schema'
import { useState } from 'react'
import { errorOfField, readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { ErrorNotice, fieldError } from '../../ui/error-notice.tsx'
import { ModelPicker } from '../../ui/model-picker.tsx'
import classes from './observer.module.css'

/** Who answers, and whether the assistant speaks up by itself. */
export function SettingsPopover({ detail }: { detail: ObserverDetail }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Popover position="top-start" width={320} trapFocus opened={isOpen} onChange={setIsOpen}>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          className={classes['who'] ?? ''}
          rightSection={<IconChevronDown size={13} aria-hidden />}
          onClick={() => setIsOpen(!isOpen)}
          data-testid="observer-settings"
        >
          {detail.settings.model ?? 'Built-in analyst'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{isOpen && <SettingsForm detail={detail} onDone={() => setIsOpen(false)} />}</Popover.Dropdown>
    </Popover>
  )
}

function SettingsForm({ detail, onDone }: { detail: ObserverDetail; onDone: () => void }) {
  const { runId, settings } = detail
  const utils = trpc.useUtils()
  const catalogue = useJudgeCatalogue()
  const [model, setModel] = useState(settings.model ?? '')
  const [speaksUp, setSpeaksUp] = useState(settings.speaksUp)
  const [budget, setBudget] = useState<number | string>(
    settings.noteBudgetMicros === null ? '' : settings.noteBudgetMicros / 1_000_000,
  )
  const configure = trpc.observer.configure.useMutation({
    onSuccess: (next) => {
      utils.observer.get.setData({ runId }, next)
      onDone()
    },
  })
  const error = configure.error ? readError(configure.error) : null
  return (
    <form
      className={classes['settings']}
      onSubmit={(event) => {
        event.preventDefault()
        // In React's tree it stands inside the form of the question, which is not to be sent by this.
        event.stopPropagation()
        configure.mutate({
          runId,
          model: model.trim() === '' ? null : model.trim(),
          speaksUp,
          noteBudgetMicros: budget === '' ? null : Math.round(Number(budget) * 1_000_000),
        })
      }}
    >
      <ModelPicker
        label="Model (empty: built-in analyst)"
        value={model}
        onChange={setModel}
        models={catalogue.models}
        providers={catalogue.providers}
        error={fieldError(errorOfField(error, 'model'))}
      />
      <Switch
        // Not the model, whose list would open over the rest.
        data-autofocus
        label="Speak up by itself"
        description="Notes on milestones and on what goes wrong, found without a model"
        checked={speaksUp}
        onChange={(event) => setSpeaksUp(event.currentTarget.checked)}
      />
      <NumberInput
        label="Budget for wording the notes (USD)"
        description="Without one they come in plain words"
        min={0.001}
        step={0.05}
        value={budget}
        onChange={setBudget}
        disabled={!speaksUp || model.trim() === ''}
        error={fieldError(errorOfField(error, 'noteBudgetMicros'))}
      />
      {error && !errorOfField(error, 'model', 'noteBudgetMicros') && <ErrorNotice error={error} />}
      <Button type="submit" variant="filled" loading={configure.isPending}>
        Save
      </Button>
    </form>
  )
}
