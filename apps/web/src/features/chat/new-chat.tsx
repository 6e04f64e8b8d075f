import { Button, Switch, TextInput } from '@mantine/core'
import { IconColumns2, IconMessage } from '@tabler/icons-react'
import { useState } from 'react'
import { errorOfField, readError } from '../../data/errors.ts'
import { client, trpc } from '../../data/trpc.ts'
import { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { FieldRow } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice, fieldError } from '../../ui/error-notice.tsx'
import { ModelPicker } from '../../ui/model-picker.tsx'
import { Composer } from './composer.tsx'
import { defaultSettings, titleOf, toReplySettings, type ChatSettings } from './settings.ts'
import classes from './chat.module.css'

/** The beginning of a conversation with one model, or with two at once. */
export function NewChat({ onStarted }: { onStarted: (conversationIds: string[]) => void }) {
  const utils = trpc.useUtils()
  const catalogue = useJudgeCatalogue()
  const [models, setModels] = useState([''])
  const [isTagged, setIsTagged] = useState(false)
  const [sessionId, setSessionId] = useState('')
  const [experimentName, setExperimentName] = useState('')
  const [settings, setSettings] = useState<ChatSettings>(defaultSettings)
  const [isSending, setIsSending] = useState(false)
  const [error, setError] = useState<ReturnType<typeof readError> | null>(null)

  async function start(text: string): Promise<boolean> {
    setIsSending(true)
    setError(null)
    const started: string[] = []
    try {
      for (const model of models) {
        const { conversationId } = await client.session.chat.create.mutate({
          title: titleOf(text),
          ...(isTagged ? { sessionId: sessionId.trim(), experimentName: experimentName.trim() || null } : {}),
        })
        started.push(conversationId)
        await client.session.chat.send.mutate({
          conversationId,
          model: model.trim(),
          text,
          ...toReplySettings(settings),
        })
      }
    } catch (failure) {
      // What could not begin leaves nothing behind.
      await Promise.allSettled(started.map((conversationId) => client.session.chat.remove.mutate({ conversationId })))
      setError(readError(failure))
      setIsSending(false)
      return false
    }
    void utils.session.chat.list.invalidate()
    onStarted(started)
    return true
  }

  const ofField = errorOfField(error, 'sessionId', 'experimentName', 'model')
  return (
    <>
      <div className={classes['fresh']}>
        <EmptyState icon={<IconMessage size={20} aria-hidden />} title="Talk to a model">
          What it costs and how long it takes stands below each answer. An answer can be judged, rated and kept as a
          case.
        </EmptyState>
      </div>
      {error && !ofField && <ErrorNotice error={error} />}
      <Composer
        settings={settings}
        onSettings={setSettings}
        isReplying={false}
        isSending={isSending}
        onSend={start}
        onStop={() => {}}
      >
        <FieldRow>
          {models.map((model, index) => (
            <ModelPicker
              // Models have no id; there are two places at most.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              label={index === 0 ? 'Model' : 'Second model'}
              value={model}
              onChange={(next) => setModels(models.with(index, next))}
              models={catalogue.models}
              providers={catalogue.providers}
              error={index === models.length - 1 ? fieldError(errorOfField(error, 'model')) : null}
            />
          ))}
        </FieldRow>
        <div className={classes['composerRow']}>
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconColumns2 size={15} aria-hidden />}
            onClick={() => setModels(models.length === 1 ? [...models, ''] : models.slice(0, 1))}
          >
            {models.length === 1 ? 'Compare with a second model' : 'One model only'}
          </Button>
          <Switch
            size="xs"
            label="Session tag"
            checked={isTagged}
            onChange={(event) => setIsTagged(event.currentTarget.checked)}
          />
        </div>
        {isTagged && (
          <FieldRow>
            <TextInput
              label="Session id"
              value={sessionId}
              onChange={(event) => setSessionId(event.currentTarget.value)}
              error={fieldError(errorOfField(error, 'sessionId'))}
            />
            <TextInput
              label="Experiment"
              placeholder="none"
              value={experimentName}
              onChange={(event) => setExperimentName(event.currentTarget.value)}
              error={fieldError(errorOfField(error, 'experimentName'))}
            />
          </FieldRow>
        )}
      </Composer>
    </>
  )
}
