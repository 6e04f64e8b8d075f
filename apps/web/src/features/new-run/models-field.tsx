import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { maxModelsAtOnce } from '@proctor/schema'
import type { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { ModelPicker } from '../../ui/model-picker.tsx'
import type { PatchForm } from './form.ts'
import classes from './new-run.module.css'

/** The model to test; with several, each gets a run of its own in one experiment. */
export function ModelsField({
  models,
  patch,
  errorOf,
  catalogue,
}: {
  models: readonly string[]
  patch: PatchForm
  errorOf: (field: string) => string | null
  catalogue: ReturnType<typeof useJudgeCatalogue>
}) {
  const isSingle = models.length === 1
  return (
    <>
      {models.map((model, index) => (
        // Models have no id, and places are what the errors name.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={classes['modelRow']}>
          <ModelPicker
            label={isSingle ? 'Model' : `Model ${index + 1}`}
            value={model}
            onChange={(next) => patch({ models: models.with(index, next) })}
            models={catalogue.models}
            providers={catalogue.providers}
            error={errorOf(`models.${index}`) ?? (index === 0 ? errorOf('models') : null)}
          />
          {!isSingle && (
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes['removeModel'] ?? ''}
              aria-label={`Remove model ${index + 1}`}
              onClick={() => patch({ models: models.toSpliced(index, 1) })}
            >
              <IconX size={15} />
            </ActionIcon>
          )}
        </div>
      ))}
      {models.length < maxModelsAtOnce && (
        <Button
          variant="subtle"
          className={classes['start'] ?? ''}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => patch({ models: [...models, ''] })}
        >
          Add a model to compare
        </Button>
      )}
    </>
  )
}
