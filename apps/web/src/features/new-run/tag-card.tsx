import { Autocomplete, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { makeSessionTag, modelRefSchema, sessionIdSchema, tagOfModel } from '@proctor/schema'
import { trpc } from '../../data/trpc.ts'
import { Card, FieldRow } from '../../ui/card.tsx'
import { formatQuantity } from '../../ui/count.ts'
import { Notice } from '../../ui/notice.tsx'
import { useNow } from '../../ui/use-now.ts'
import type { NewRunForm, PatchForm } from './form.ts'
import classes from './new-run.module.css'

const modes = [
  { value: 'auto', label: 'Automatic' },
  { value: 'manual', label: 'My own' },
  { value: 'none', label: 'None' },
] as const

/** How the run's session is tagged, with the tag as it would be made this second. */
export function TagCard({
  form,
  patch,
  errorOf,
}: {
  form: NewRunForm
  patch: PatchForm
  errorOf: (field: string) => string | null
}) {
  const sessionId = form.sessionId.trim()
  const idCheck = sessionIdSchema.safeParse(sessionId)
  const isManual = form.tagMode === 'manual'
  const idError = isManual && sessionId !== '' && !idCheck.success ? (idCheck.error.issues[0]?.message ?? null) : null
  const isTagged = form.tagMode !== 'none'
  const facets = trpc.batch.facets.useQuery(undefined, { enabled: isTagged })

  return (
    <Card
      title="Session tag"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Session tag"
          data={modes.map((mode) => ({ ...mode }))}
          value={form.tagMode}
          onChange={(value) => patch({ tagMode: modes.find((mode) => mode.value === value)?.value ?? 'auto' })}
        />
      }
    >
      {isTagged && (
        <FieldRow>
          {isManual && (
            <TextInput
              label="Session id"
              placeholder="nightly-2026-11-23"
              value={form.sessionId}
              onChange={(event) => patch({ sessionId: event.currentTarget.value })}
              error={idError ?? errorOf('tag.sessionId')}
              spellCheck={false}
            />
          )}
          <Autocomplete
            label="Experiment"
            placeholder="default: batch-testing-{model}"
            data={facets.data?.experiments ?? []}
            limit={20}
            value={form.experimentName}
            onChange={(experimentName) => patch({ experimentName })}
            error={errorOf('tag.experimentName')}
          />
        </FieldRow>
      )}
      {isManual && idCheck.success && form.models.length === 1 && <TakenNotice sessionId={sessionId} />}
      <TagPreview form={form} />
    </Card>
  )
}

function TagPreview({ form }: { form: NewRunForm }) {
  const now = useNow(1000)
  const sessionId = form.sessionId.trim()
  const experimentName = form.experimentName.trim()
  if (form.tagMode === 'none')
    return (
      <p className={classes['quiet']} data-testid="tag-preview">
        The run stands alone: it belongs to no session and no experiment.
      </p>
    )
  const models = form.models.map((model) => model.trim()).filter((model) => modelRefSchema.safeParse(model).success)
  if (models.length === 0)
    return (
      <p className={classes['quiet']} data-testid="tag-preview">
        The tag is made from the model: choose one to see it.
      </p>
    )
  const experiment = experimentName ? { experimentName } : {}
  const options =
    form.tagMode === 'manual'
      ? { mode: 'manual' as const, sessionId, ...experiment }
      : { mode: 'auto' as const, ...experiment }
  const tags = models.map((model, index) =>
    makeSessionTag(tagOfModel(options, models, index), model, new Date(now), () => false),
  )
  return (
    <dl className={classes['preview']} data-testid="tag-preview">
      <dt>{tags.length === 1 ? 'Session' : 'Sessions'}</dt>
      <dd>
        {tags.map((tag, index) => (
          <div key={models[index]}>{tag.sessionId || '–'}</div>
        ))}
      </dd>
      <dt>Experiment</dt>
      <dd>{tags[0]?.experimentName}</dd>
    </dl>
  )
}

/** Says so when the run would join a session that exists; a not-found answer means that the id is free. */
function TakenNotice({ sessionId }: { sessionId: string }) {
  const [settled] = useDebouncedValue(sessionId, 300)
  const { data } = trpc.session.get.useQuery({ sessionId: settled }, { retry: false })
  if (!data || settled !== sessionId) return null
  return (
    <Notice tone="fair">
      This session exists: {formatQuantity(data.runIds.length, 'run')}, {formatQuantity(data.messageCount, 'message')}.
      The new run joins it.
    </Notice>
  )
}
