import { Button, Skeleton } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { readError } from '../data/errors.ts'
import { trpc } from '../data/trpc.ts'
import { ChatPage, NoSuchChat } from '../features/chat/chat-page.tsx'
import { NewChat } from '../features/chat/new-chat.tsx'
import { OpenChats } from '../features/chat/open-chats.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'

const route = getRouteApi('/chat/$conversationId')

export function NewChatRoute() {
  const navigate = useNavigate()
  return (
    <ChatPage openId={null}>
      <NewChat
        onStarted={([conversationId, beside]) => {
          if (conversationId)
            void navigate({
              to: '/chat/$conversationId',
              params: { conversationId },
              search: beside ? { beside } : {},
            })
        }}
      />
    </ChatPage>
  )
}

export function ChatRoute() {
  const { conversationId } = route.useParams()
  const { beside } = route.useSearch()
  const ids = beside && beside !== conversationId ? [conversationId, beside] : [conversationId]
  const queries = trpc.useQueries((ask) => ids.map((id) => ask.session.chat.get({ conversationId: id })))
  const failed = queries.find((query) => query.error)
  const chats = queries.flatMap(({ data }) => data ?? [])
  const error = failed ? readError(failed.error) : null
  return (
    <ChatPage openId={conversationId}>
      {error?.code === 'not-found' && <NoSuchChat />}
      {error && error.code !== 'not-found' && (
        <ErrorNotice error={error} action={<Button onClick={() => void failed?.refetch()}>Try again</Button>} />
      )}
      {!error && chats.length < ids.length && <Skeleton height={300} mt={18} />}
      {!error && chats.length === ids.length && <OpenChats key={ids.join(' ')} chats={chats} />}
    </ChatPage>
  )
}
