import { ModelPicker } from '../../ui/model-picker.tsx'
import type { ChatDetail } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { Column } from './column.tsx'
import { Composer } from './composer.tsx'
import { defaultSettings, toReplySettings, type ChatSettings } from './settings.ts'
import classes from './chat.module.css'

/** One conversation, or two side by side that get the same messages. */
export function OpenChats({ chats }: { chats: readonly ChatDetail[] }) {
  const utils = trpc.useUtils()
  const catalogue = useJudgeCatalogue()
  const [settings, setSettings] = useState<ChatSettings>(defaultSettings)
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const send = trpc.session.chat.send.useMutation()
  const retry = trpc.session.chat.retry.useMutation()
  const stop = trpc.session.chat.stop.useMutation()
  const isReplying = chats.some((chat) => chat.isReplying)
  const stopAll = () => {
    for (const chat of chats) if (chat.isReplying) stop.mutate({ conversationId: chat.conversationId })
  }
  useShortcuts(isReplying ? { Escape: stopAll } : {})

  const modelOf = (chat: ChatDetail) =>
    chosen[chat.conversationId] ?? chat.messages.findLast(({ model }) => model !== null)?.model ?? chat.models[0] ?? ''
  const refresh = (conversationId: string) => utils.session.chat.get.invalidate({ conversationId })
  const inputOf = (chat: ChatDetail) => ({
    conversationId: chat.conversationId,
    model: modelOf(chat).trim(),
    ...toReplySettings(settings),
  })

  async function sendToAll(text: string): Promise<boolean> {
    const sent = await Promise.allSettled(
      chats.map(async (chat) => {
        await send.mutateAsync({ ...inputOf(chat), text })
        await refresh(chat.conversationId)
      }),
    )
    return sent.some(({ status }) => status === 'fulfilled')
  }

  const error = send.error ?? retry.error ?? stop.error
  return (
    <>
      <div className={classes['columns']} data-count={chats.length}>
        {chats.map((chat) => (
          <Column
            key={chat.conversationId}
            chat={chat}
            isRetrying={retry.isPending}
            onRetry={() => {
              retry.mutate(inputOf(chat), { onSettled: () => void refresh(chat.conversationId) })
            }}
            onEnd={() => {
              void refresh(chat.conversationId)
              void utils.session.chat.list.invalidate()
            }}
          >
            <ModelPicker
              label="Model"
              value={modelOf(chat)}
              onChange={(model) => setChosen({ ...chosen, [chat.conversationId]: model })}
              models={catalogue.models}
              providers={catalogue.providers}
            />
          </Column>
        ))}
      </div>
      {error && <ErrorNotice error={readError(error)} />}
      <Composer
        settings={settings}
        onSettings={setSettings}
        isReplying={isReplying}
        isSending={send.isPending}
        onSend={sendToAll}
        onStop={stopAll}
      />
    </>
  )
}
