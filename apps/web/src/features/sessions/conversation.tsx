import { Button, SegmentedControl } from '@mantine/core'
import { IconFilterOff, IconMessageOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { Message, MessageRole } from '@proctor/schema'
import { useEffect, useRef } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { formatLatency } from '../../ui/duration.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { ListFilters, ListSkeleton } from '../../ui/list-table.tsx'
import { MessageText } from '../../ui/message-text/message-text.tsx'
import { formatMoney } from '../../ui/money.ts'
import type { ConversationFilter } from './session-page.tsx'
import classes from './conversation.module.css'

const pageSize = 100
const guessedHeight = 120
/** More pages are asked for when the reader is this many messages from the last loaded one. */
const readAhead = 20

const roleNames: Record<MessageRole, string> = { system: 'System', user: 'Prompt', assistant: 'Answer' }

/** The messages of a session as they were made, loaded while one scrolls. */
export function Conversation({
  sessionId,
  runIds,
  filter,
  onFilter,
}: {
  sessionId: string
  runIds: readonly string[]
  filter: ConversationFilter
  onFilter: (filter: ConversationFilter) => void
}) {
  const query = trpc.session.messages.useInfiniteQuery(
    {
      sessionId,
      limit: pageSize,
      ...(filter.role ? { role: filter.role } : {}),
      ...(filter.text ? { text: filter.text } : {}),
    },
    { getNextPageParam: (page) => page.nextCursor },
  )
  const messages = query.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = filter.text !== '' || filter.role !== null
  return (
    <section className={classes['conversation']} aria-label="Conversation">
      <ListFilters>
        <FilterText label="Filter by text" value={filter.text} onChange={(text) => onFilter({ ...filter, text })} />
        <SegmentedControl
          size="xs"
          aria-label="Which messages"
          data={[
            { value: 'all', label: 'All' },
            { value: 'user', label: 'Prompts' },
            { value: 'assistant', label: 'Answers' },
          ]}
          value={filter.role ?? 'all'}
          onChange={(value) => onFilter({ ...filter, role: value === 'user' || value === 'assistant' ? value : null })}
        />
      </ListFilters>
      {query.error && (
        <ErrorNotice
          error={readError(query.error)}
          action={<Button onClick={() => void query.refetch()}>Try again</Button>}
        />
      )}
      {query.isPending && !query.error && <ListSkeleton label="Loading messages" />}
      {query.isSuccess && messages.length === 0 && (
        <EmptyState
          icon={isFiltered ? <IconFilterOff size={20} aria-hidden /> : <IconMessageOff size={20} aria-hidden />}
          title={isFiltered ? 'No message fits the filter' : 'Nothing has been said yet'}
          action={isFiltered && <Button onClick={() => onFilter({ text: '', role: null })}>Clear the filter</Button>}
        />
      )}
      {messages.length > 0 && (
        <Messages
          messages={messages}
          runIds={runIds}
          onNearEnd={() => {
            if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
          }}
        />
      )}
    </section>
  )
}

function Messages({
  messages,
  runIds,
  onNearEnd,
}: {
  messages: readonly Message[]
  runIds: readonly string[]
  onNearEnd: () => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is handed to a memoized part
  const virtual = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => guessedHeight,
    overscan: 4,
    getItemKey: (index) => messages[index]?.id ?? index,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= messages.length - readAhead) onNearEnd()
  })
  return (
    <div className={classes['scroller']} ref={scroller} tabIndex={0} role="log" aria-label="Messages">
      <div className={classes['all']} style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const message = messages[row.index]
          return (
            message && (
              <div
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                className={classes['row']}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <MessageRow message={message} runIds={runIds} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

function MessageRow({ message, runIds }: { message: Message; runIds: readonly string[] }) {
  const facts = [
    message.model,
    message.inputTokens !== null && `${formatCount(message.inputTokens)} tokens in`,
    message.outputTokens !== null && `${formatCount(message.outputTokens)} out`,
    message.latencyMs !== null && formatLatency(message.latencyMs),
    message.costMicros !== null && formatMoney(message.costMicros),
  ].filter((fact) => typeof fact === 'string')
  return (
    <article className={classes['message']} data-role={message.role} data-testid="session-message">
      <header className={classes['head']}>
        <strong>{roleNames[message.role]}</strong>
        <span className={classes['facts']}>{facts.join(' · ')}</span>
        {message.itemId !== null && runIds.length > 0 && (
          <Link to="/messages/$messageId" params={{ messageId: message.id }}>
            Open item
          </Link>
        )}
      </header>
      <MessageText text={message.content} view="markdown" />
    </article>
  )
}
