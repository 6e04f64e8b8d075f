import type { ItemDetail } from '@proctor/schema'
import { MessageText } from '../../ui/message-text/message-text.tsx'
import classes from './item-panel.module.css'

const roles = { system: 'System', user: 'Prompt', assistant: 'Answer' }

/** The turns of the item, with the judge's quotes marked in its last answer. */
export function Exchange({
  detail,
  view,
  quotes,
}: {
  detail: ItemDetail
  view: 'markdown' | 'raw'
  quotes: readonly string[]
}) {
  const { messages, expected, notes } = detail
  const isMultiTurn = messages.some((message) => message.turn > 1)
  const lastAnswer = messages.findLast((message) => message.role === 'assistant')
  return (
    <>
      {messages.map((message) => (
        <section key={message.id} className={classes['message']} data-role={message.role}>
          <h3 className={classes['label']}>
            {roles[message.role]}
            {isMultiTurn && ` ${message.turn}`}
            {message.finishReason === 'length' && <span className={classes['cut']}>cut off at the token limit</span>}
          </h3>
          <MessageText text={message.content} view={view} {...(message === lastAnswer ? { quotes } : {})} />
        </section>
      ))}
      {expected !== null && (
        <section className={classes['message']}>
          <h3 className={classes['label']}>Expected</h3>
          <MessageText text={expected} view={view} />
        </section>
      )}
      {notes !== null && (
        <section className={classes['message']}>
          <h3 className={classes['label']}>Notes for the judge</h3>
          <MessageText text={notes} view={view} />
        </section>
      )}
    </>
  )
}
