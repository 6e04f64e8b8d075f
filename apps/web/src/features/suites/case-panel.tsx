import { ActionIcon, Button, TagsInput, Textarea, TextInput } from '@mantine/core'
import { IconCopy, IconPlus, IconTrash, IconX } from '@tabler/icons-react'
import { suiteCaseInputSchema, type SuiteCase } from '@proctor/schema'
import { useState } from 'react'
import { Notice } from '../../ui/notice.tsx'
import { caseForm, readCase, type CaseForm } from './case-form.ts'
import type { DraftRow } from './draft.ts'
import { ValidatorsField } from './validators-field.tsx'
import classes from './suite-page.module.css'

/** The form of one case; what is typed counts at once, and is saved with the suite. */
export function CasePanel({
  row,
  isEditable,
  takenIds,
  onChange,
  onRemove,
  onRestore,
  onDuplicate,
  onClose,
}: {
  row: DraftRow
  isEditable: boolean
  /** Ids of the other cases. */
  takenIds: ReadonlySet<string>
  onChange: (entry: SuiteCase) => void
  onRemove: () => void
  onRestore: () => void
  onDuplicate: () => void
  onClose: () => void
}) {
  const [form, setForm] = useState(() => caseForm(row.entry))
  const read = readCase(form, takenIds)
  const errorOf = (field: string) => (read.ok ? null : (read.errors.get(field) ?? null))
  const readOnly = !isEditable || row.state === 'removed'

  function patch(change: Partial<CaseForm>) {
    const next = { ...form, ...change }
    setForm(next)
    const parsed = readCase(next, takenIds)
    if (parsed.ok) onChange(parsed.entry)
  }
  const text = (field: 'expected' | 'notes' | 'system') => ({
    readOnly,
    autosize: true,
    minRows: 2,
    maxRows: 12,
    value: form[field],
    error: errorOf(field),
    onChange: (event: { currentTarget: { value: string } }) => patch({ [field]: event.currentTarget.value }),
  })
  return (
    <aside className={classes['panel']} aria-label={`Case ${row.entry.id}`} data-testid="case-panel">
      <header className={classes['panelHead']}>
        <h2>{row.entry.id}</h2>
        {isEditable && row.state !== 'removed' && (
          <>
            <ActionIcon variant="subtle" color="gray" aria-label="Duplicate the case" onClick={onDuplicate}>
              <IconCopy size={15} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label="Remove the case" onClick={onRemove}>
              <IconTrash size={15} />
            </ActionIcon>
          </>
        )}
        <ActionIcon variant="subtle" color="gray" aria-label="Close (Esc)" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <div className={classes['panelBody']}>
        {!isEditable && <Notice>This is an older version, and versions never change. Edit the newest one.</Notice>}
        {row.state === 'removed' && (
          <Notice tone="fair">
            <span className={classes['inline']}>
              <span>This case goes with the next version.</span>
              <Button onClick={onRestore}>Keep it</Button>
            </span>
          </Notice>
        )}
        {!read.ok && row.state !== 'removed' && (
          <Notice tone="fair">What is wrong here is not taken over until it is corrected.</Notice>
        )}
        <TextInput
          label="Id"
          readOnly={readOnly}
          value={form.id}
          error={errorOf('id')}
          onChange={(event) => patch({ id: event.currentTarget.value })}
        />
        {form.turns.map((turn, index) => (
          // Turns have no id, and their places are what they are.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className={classes['turn']}>
            <Textarea
              label={form.turns.length === 1 ? 'Prompt' : `Turn ${index + 1}`}
              readOnly={readOnly}
              autosize
              minRows={2}
              maxRows={14}
              value={turn}
              error={errorOf(`turns.${index}`)}
              onChange={(event) => patch({ turns: form.turns.with(index, event.currentTarget.value) })}
            />
            {form.turns.length > 1 && !readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove turn ${index + 1}`}
                onClick={() => patch({ turns: form.turns.toSpliced(index, 1) })}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </div>
        ))}
        {!readOnly && (
          <Button
            variant="subtle"
            color="gray"
            className={classes['start'] ?? ''}
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => patch({ turns: [...form.turns, ''] })}
          >
            Add a turn
          </Button>
        )}
        <Textarea label="Expected" {...text('expected')} />
        <Textarea label="Notes for the judge" {...text('notes')} />
        <Textarea label="System prompt" {...text('system')} />
        <TextInput
          label="Group"
          description="Cases of one group are not independent of each other."
          readOnly={readOnly}
          value={form.group}
          error={errorOf('group')}
          onChange={(event) => patch({ group: event.currentTarget.value })}
        />
        <TagsInput
          label="Tags"
          readOnly={readOnly}
          value={form.tags}
          error={errorOf('tags')}
          onChange={(tags) => patch({ tags })}
        />
        <ValidatorsField
          value={form.validators}
          readOnly={readOnly}
          error={errorOf('validators')}
          onChange={(validators) => patch({ validators })}
        />
      </div>
    </aside>
  )
}

/** What a new case begins with. */
export function blankCase(id: string): SuiteCase {
  return suiteCaseInputSchema.parse({ id, prompt: 'Write the prompt here.' })
}
