import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Criterion, SavedCriterion } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Card } from '../../ui/card.tsx'
import { CriterionForm } from '../../ui/criterion-form.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ListSkeleton } from '../../ui/list-table.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Score } from '../../ui/score.tsx'
import classes from './settings.module.css'

const scores = [1, 4, 7, 10] as const

/** What judges can score: the built-in criteria, and the user's own. */
export function CriteriaSection() {
  const utils = trpc.useUtils()
  const onOffer = trpc.judge.criteria.useQuery()
  const withArchived = trpc.judge.criteria.useQuery({ archived: true })
  const [editing, setEditing] = useState<string | null>(null)
  const refresh = () => utils.judge.criteria.invalidate()
  const save = trpc.judge.saveCriterion.useMutation({
    onSuccess: async () => {
      await refresh()
      setEditing(null)
    },
  })
  const archive = trpc.judge.archiveCriterion.useMutation({ onSuccess: refresh })
  const restore = trpc.judge.restoreCriterion.useMutation({ onSuccess: refresh })
  const queryError = onOffer.error ?? withArchived.error
  if (queryError)
    return (
      <ErrorNotice error={readError(queryError)} action={<Button onClick={() => void refresh()}>Try again</Button>} />
    )
  if (!onOffer.data || !withArchived.data) return <ListSkeleton label="Loading criteria" />
  const archived = withArchived.data.filter((criterion) => criterion.archivedAt !== null)
  const takenIds = [...onOffer.data, ...archived].map(({ id }) => id)
  const error = save.error ?? archive.error ?? restore.error

  const form = (initial?: Criterion) => (
    <CriterionForm
      {...(initial ? { initial } : {})}
      takenIds={takenIds}
      submit={initial ? 'Save the changes' : 'Add criterion'}
      isBusy={save.isPending}
      onSubmit={(criterion) => save.mutate(criterion)}
      onCancel={() => setEditing(null)}
    />
  )
  return (
    <>
      <Notice>
        Runs keep the wording that they were judged by: a change here counts from the next run or judging on.
      </Notice>
      {error && <ErrorNotice error={readError(error)} />}
      {archive.isSuccess && archive.variables && archived.some(({ id }) => id === archive.variables.id) && (
        <Notice>
          <span className={classes['row']}>
            <span>The criterion was put away.</span>
            <Button onClick={() => restore.mutate(archive.variables)}>Undo</Button>
          </span>
        </Notice>
      )}
      {editing === 'new' ? (
        <Card title="A criterion of your own">{form()}</Card>
      ) : (
        <div>
          <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setEditing('new')}>
            Own criterion
          </Button>
        </div>
      )}
      <div className={classes['grid']}>
        {onOffer.data.map((criterion) =>
          editing === criterion.id ? (
            <Card key={criterion.id} title={criterion.name}>
              {form(criterion)}
            </Card>
          ) : (
            <CriterionCard
              key={criterion.id}
              criterion={criterion}
              onEdit={() => setEditing(criterion.id)}
              onArchive={() => archive.mutate({ id: criterion.id })}
            />
          ),
        )}
      </div>
      {archived.length > 0 && (
        <Card title="Put away">
          {archived.map((criterion) => (
            <div key={criterion.id} className={classes['row']}>
              <span>{criterion.name}</span>
              <Button
                onClick={() => restore.mutate({ id: criterion.id })}
                aria-label={`Take ${criterion.name} out again`}
              >
                Take out again
              </Button>
            </div>
          ))}
        </Card>
      )}
    </>
  )
}

function CriterionCard({
  criterion,
  onEdit,
  onArchive,
}: {
  criterion: SavedCriterion
  onEdit: () => void
  onArchive: () => void
}) {
  return (
    <Card
      title={criterion.name}
      aside={
        criterion.builtIn ? (
          <span className={classes['quiet']}>built in</span>
        ) : (
          <span className={classes['row']}>
            <Button onClick={onEdit} aria-label={`Change ${criterion.name}`}>
              Change
            </Button>
            <Button onClick={onArchive} aria-label={`Put ${criterion.name} away`}>
              Put away
            </Button>
          </span>
        )
      }
    >
      <p>{criterion.description}</p>
      <dl className={classes['anchors']}>
        {scores.map((score) => (
          <AnchorRow key={score} score={score} text={criterion.anchors[score]} />
        ))}
      </dl>
    </Card>
  )
}

function AnchorRow({ score, text }: { score: number; text: string }) {
  return (
    <>
      <dt>
        <Score score={score} />
      </dt>
      <dd>{text}</dd>
    </>
  )
}
