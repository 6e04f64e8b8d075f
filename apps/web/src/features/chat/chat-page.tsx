import { ActionIcon, Button, Skeleton } from '@mantine/core'
import { IconPencilPlus, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import classes from './chat.module.css'

/** Conversations with models: the list, and beside it the one that is open. */
export function ChatPage({ openId, children }: { openId: string | null; children: ReactNode }) {
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const query = trpc.session.chat.list.useInfiniteQuery({ limit: 50 }, { getNextPageParam: (page) => page.nextCursor })
  const chats = query.data?.pages.flatMap((page) => page.items) ?? []
  const [deleting, setDeleting] = useState<{ conversationId: string; title: string } | null>(null)
  const remove = trpc.session.chat.remove.useMutation({
    onSuccess: async (_nothing, { conversationId }) => {
      await utils.session.chat.list.invalidate()
      setDeleting(null)
      if (conversationId === openId) void navigate({ to: '/chat' })
    },
  })
  return (
    <div className={classes['page']}>
      <title>Chat · Proctor</title>
      <aside className={classes['list']} aria-label="Conversations">
        <div className={classes['listHead']}>
          <h1>Chat</h1>
          <Button component={Link} to="/chat" leftSection={<IconPencilPlus size={15} aria-hidden />}>
            New
          </Button>
        </div>
        {query.error && (
          <ErrorNotice
            error={readError(query.error)}
            action={<Button onClick={() => void query.refetch()}>Try again</Button>}
          />
        )}
        {query.isPending && !query.error && <Skeleton height={48} />}
        {query.isSuccess && chats.length === 0 && <p className={classes['quiet']}>No conversations yet.</p>}
        <ul>
          {chats.map((chat) => (
            <li key={chat.conversationId} data-open={chat.conversationId === openId || undefined}>
              <Link to="/chat/$conversationId" params={{ conversationId: chat.conversationId }}>
                <span className={classes['chatTitle']}>{chat.title}</span>
                <span className={classes['quiet']}>
                  {chat.models.join(', ') || 'no answer yet'} · <RelativeTime at={chat.createdAt} />
                </span>
              </Link>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${chat.title}`}
                onClick={() => setDeleting(chat)}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        )}
      </aside>
      <div className={classes['main']}>{children}</div>
      {deleting && (
        <Dialog
          opened
          title="Delete this conversation?"
          confirm="Delete it"
          tone="danger"
          isBusy={remove.isPending}
          error={remove.error ? readError(remove.error) : null}
          onConfirm={() => remove.mutate({ conversationId: deleting.conversationId })}
          onClose={() => setDeleting(null)}
        >
          <p>“{deleting.title}” goes with its answers, their scores and their feedback. It cannot be brought back.</p>
        </Dialog>
      )}
    </div>
  )
}

export function NoSuchChat() {
  return (
    <EmptyState
      title="There is no such conversation"
      action={
        <Button component={Link} to="/chat">
          Start a new one
        </Button>
      }
    >
      It may have been deleted.
    </EmptyState>
  )
}
