import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ChatDetail } from '@proctor/schema'
import { useEffect, useRef, type ReactNode } from 'react'
import { useReply } from '../../data/use-reply.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { MessageText } from '../../ui/message-text/message-text.tsx'
import { Answer } from './answer.tsx'
import classes from './chat.module.css'

/** Near enough to the end to be taken along when more comes. */
const followPx = 80

/** One conversation: its turns, and the reply that is being written. */
export function Column({
  chat,
  onEnd,
  onRetry,
  isRetrying,
  children,
}: {
  chat: ChatDetail
  onEnd: () => void
  onRetry: () => void
  isRetrying: boolean
  /** Stands above the turns: the model. */
  children: ReactNode
}) {
  const { failure } = chat
  const { text, problem } = useReply(chat.conversationId, chat.isReplying, onEnd)
  const scroller = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  // After every change, whatever grew.
  useEffect(() => {
    const element = scroller.current
    if (element && follows.current) element.scrollTop = element.scrollHeight
  })
  const hasNoAnswer = !chat.isReplying && chat.messages.at(-1)?.role === 'user'
  return (
    <section className={classes['column']} aria-label={chat.title}>
      <div className={classes['columnHead']}>
        {children}
        {chat.sessionId !== null && (
          <Link to="/sessions/$sessionId" params={{ sessionId: chat.sessionId }}>
            {chat.sessionId}
          </Link>
        )}
      </div>
      <div
        className={classes['turns']}
        ref={scroller}
        role="log"
        aria-label="Conversation"
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < followPx
        }}
      >
        {chat.messages.map((message) =>
          message.role === 'assistant' ? (
            <Answer key={message.id} message={message} />
          ) : (
            <article key={message.id} className={classes['question']} data-testid="chat-question">
              {message.content}
            </article>
          ),
        )}
        {chat.isReplying && (
          <article className={classes['answer']} data-testid="chat-reply" aria-busy>
            {text === '' ? (
              <p className={classes['quiet']}>Waiting for the first word</p>
            ) : (
              <MessageText text={text} view="markdown" />
            )}
            {problem !== null && <p className={classes['quiet']}>{problem} Trying again.</p>}
          </article>
        )}
        {hasNoAnswer && (
          <div className={classes['noAnswer']}>
            {failure && (
              <ErrorNotice
                error={{
                  code: 'internal',
                  field: null,
                  message: `No answer: ${failure.kind}`,
                  mend: failure.message,
                  requestId: failure.providerRequestId ?? 'none',
                }}
              />
            )}
            <Button loading={isRetrying} leftSection={<IconRefresh size={15} aria-hidden />} onClick={onRetry}>
              {failure ? 'Try again' : 'Get an answer'}
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}
