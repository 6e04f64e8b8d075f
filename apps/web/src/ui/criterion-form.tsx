import { Button, Textarea, TextInput } from '@mantine/core'
import { criterionSchema, type Criterion } from '@proctor/schema'
import { useState } from 'react'
import { FieldRow } from './card.tsx'
import classes from './criterion-form.module.css'

const scores = [1, 4, 7, 10] as const
const hints: Record<(typeof scores)[number], string> = {
  1: 'What a useless answer does',
  4: 'What a weak answer does',
  7: 'What a good answer does',
  10: 'What a perfect answer does',
}

/** A criterion of the user's own: what it asks, and what four scores mean. */
export function CriterionForm({
  initial,
  takenIds,
  submit,
  isBusy = false,
  onSubmit,
  onCancel,
}: {
  /** The one to change: it keeps its id, whatever its name becomes. */
  initial?: Criterion
  takenIds: readonly string[]
  submit: string
  isBusy?: boolean
  onSubmit: (criterion: Criterion) => void
  onCancel: () => void
}) {
  const [name, setName] = useState(initial?.name ?? '')
  const [description, setDescription] = useState(initial?.description ?? '')
  const [anchors, setAnchors] = useState(initial?.anchors ?? { 1: '', 4: '', 7: '', 10: '' })
  const [tried, setTried] = useState(false)

  const id = initial?.id ?? idOf(name)
  const parsed = criterionSchema.safeParse({ id, name, description, anchors })
  const isTaken = !initial && takenIds.includes(id)
  const issueOf = (path: string) => {
    if (!tried || parsed.success) return null
    return parsed.error.issues.some((issue) => issue.path.join('.') === path) ? 'Fill this in.' : null
  }

  function save() {
    setTried(true)
    if (parsed.success && !isTaken) onSubmit(parsed.data)
  }

  return (
    <div className={classes['own']}>
      <TextInput
        label="Name"
        placeholder="Tone"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isTaken ? 'There is a criterion of this name.' : (issueOf('name') ?? issueOf('id'))}
      />
      <Textarea
        label="What it asks"
        placeholder="Is the answer friendly without being chatty?"
        autosize
        minRows={1}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        error={issueOf('description')}
      />
      <FieldRow>
        {scores.map((score) => (
          <Textarea
            key={score}
            label={`Score ${score}`}
            placeholder={hints[score]}
            autosize
            minRows={2}
            value={anchors[score]}
            onChange={(event) => setAnchors({ ...anchors, [score]: event.currentTarget.value })}
            error={issueOf(`anchors.${score}`)}
          />
        ))}
      </FieldRow>
      <div className={classes['buttons']}>
        <Button loading={isBusy} onClick={save}>
          {submit}
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  )
}

/** `Factual depth` becomes `factual_depth`. */
function idOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
}
