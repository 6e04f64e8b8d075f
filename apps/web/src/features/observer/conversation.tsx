import { Button, Skeleton } from '@mantine/core'
import { IconSparkles } from '@tabler/icons-react'
import type { ObserverDetail } from '@proctor/schema'
import { useEffect, useRef } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { useAnswer, useObserver } from '../../data/use-observer.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { MessageText } from '../../ui/message-text/message-text.tsx'
import { Composer } from './composer.tsx'
import { Byline, Entry, type RenderCitation } from './entry.tsx'
import { Steps } from './steps.tsx'
import classes from './observer.module.css'

/** Near enough to the end to be taken along when more comes. */
const followPx = 80

/** The conversation about one run, with where one asks below it. */
export function Conversation({ runId, renderCitation }: { runId: string; renderCitation: RenderCitation }) {
  const query = useObserver(runId)
  if (query.error)
    return (
      <ErrorNotice
        error={readError(query.error)}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    )
  if (!query.data)
    return (
      <div aria-busy aria-label="Loading the conversation" className={classes['entries']}>
        <Skeleton height={54} />
        <Skeleton height={120} />
      </div>
    )
  return <Loaded detail={query.data} renderCitation={renderCitation} />
}

function Loaded({ detail, renderCitation }: { detail: ObserverDetail; renderCitation: RenderCitation }) {
  const { runId, entries, isAnswering, settings } = detail
  const utils = trpc.useUtils()
  const refresh = () => utils.observer.get.invalidate({ runId })
  const { answer, problem } = useAnswer(runId, isAnswering, () => {
    void refresh()
    void utils.batch.get.invalidate({ runId })
  })
  const ask = trpc.observer.ask.useMutation({ onSettled: refresh })
  const stop = trpc.observer.stop.useMutation()
  const scroller = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  // After every change, whatever grew.
  useEffect(() => {
    const element = scroller.current
    if (element && follows.current) element.scrollTop = element.scrollHeight
  })
  const error = ask.error ?? stop.error
  return (
    <>
      <div
        className={classes['entries']}
        ref={scroller}
        role="log"
        aria-label="Conversation with the assistant"
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < followPx
        }}
      >
        {entries.length === 0 && !isAnswering && <Welcome hasModel={settings.model !== null} />}
        {entries.map((entry) => (
          <Entry key={entry.id} runId={runId} entry={entry} renderCitation={renderCitation} />
        ))}
        {isAnswering && (
          <article className={classes['answer']} data-testid="observer-reply" aria-busy>
            <Byline model={answer.model} isNote={false} asOf={answer.asOf} />
            <Steps steps={answer.steps} isOpen />
            {answer.text === '' ? (
              <p className={classes['quiet']}>{answer.asOf ? 'Looking at the run' : 'Waiting for the first word'}</p>
            ) : (
              <MessageText text={answer.text} view="markdown" />
            )}
            {problem !== null && <p className={classes['quiet']}>{problem} Trying again.</p>}
          </article>
        )}
      </div>
      {error && <ErrorNotice error={readError(error)} />}
      <Composer
        detail={detail}
        isSending={ask.isPending}
        onAsk={async (text) => {
          follows.current = true
          try {
            await ask.mutateAsync({ runId, text, model: settings.model })
            return true
          } catch {
            // The notice above says what it was.
            return false
          }
        }}
        onStop={() => stop.mutate({ runId })}
      />
    </>
  )
}

function Welcome({ hasModel }: { hasModel: boolean }) {
  return (
    <div className={classes['welcome']}>
      <IconSparkles size={20} aria-hidden />
      <h3>Ask about this run</h3>
      <p>
        Every answer is looked up at that moment. Figures come from the run itself; one that does not is marked, and
        citations open the message.
      </p>
      {!hasModel && <p>The built-in analyst answers the prompts below without any model; choose one for the rest.</p>}
    </div>
  )
}
