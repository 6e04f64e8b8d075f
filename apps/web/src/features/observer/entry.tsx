import { IconBellRinging, IconSparkles } from '@tabler/icons-react'
import type { AsOf, Citation, ObserverEntry } from '@proctor/schema'
import { useMemo, type ReactNode } from 'react'
import { formatCount } from '../../ui/count.ts'
import { MessageText, type TextEvidence } from '../../ui/message-text/message-text.tsx'
import { formatMoney } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { Proposals } from './proposals.tsx'
import { Steps } from './steps.tsx'
import classes from './observer.module.css'

export type RenderCitation = (citation: Citation, label: string) => ReactNode

/** One message of the conversation about a run. */
export function Entry({
  runId,
  entry,
  renderCitation,
}: {
  runId: string
  entry: ObserverEntry
  renderCitation: RenderCitation
}) {
  const { observation } = entry
  const evidence = useMemo((): TextEvidence => {
    const byNumber = new Map(observation?.citations.map((citation) => [citation.number, citation]))
    return {
      unverified: observation?.unverified ?? [],
      renderCitation: (number) => {
        const citation = byNumber.get(number)
        return citation ? renderCitation(citation, `#${number}`) : null
      },
    }
  }, [observation, renderCitation])
  if (!observation)
    return (
      <article className={classes['question']} data-testid="observer-question">
        {entry.text}
      </article>
    )
  const { unverified, failure, asOf, steps, proposals, noteKind } = observation
  return (
    <article
      className={classes['answer']}
      data-note={noteKind ?? undefined}
      data-testid={noteKind === null ? 'observer-answer' : 'observer-note'}
    >
      <Byline model={entry.model} isNote={noteKind !== null} asOf={asOf} />
      <Steps steps={steps} />
      {entry.text !== '' && <MessageText text={entry.text} view="markdown" evidence={evidence} />}
      {unverified.length > 0 && (
        <Notice tone="fair">
          <span>
            <strong>Unverified:</strong> no look at the run gave {unverified.join(', ')}.
          </span>
        </Notice>
      )}
      {failure && (
        <Notice tone="fair">
          <span>
            <strong>It ends here:</strong> {failure.message}
          </span>
        </Notice>
      )}
      {entry.finish === 'stopped' && <p className={classes['quiet']}>Stopped.</p>}
      {entry.finish === 'length' && <p className={classes['quiet']}>Cut off at the token limit.</p>}
      <Proposals runId={runId} proposals={proposals} />
      {entry.model !== null && <Facts entry={entry} calls={observation.calls} />}
    </article>
  )
}

/** Who speaks, and how far the run was. */
export function Byline({ model, isNote, asOf }: { model: string | null; isNote: boolean; asOf: AsOf | null }) {
  const Icon = isNote ? IconBellRinging : IconSparkles
  return (
    <header className={classes['byline']}>
      <Icon size={14} aria-hidden />
      <span>{isNote ? 'Note' : (model ?? 'Built-in analyst')}</span>
      {asOf && (
        <span className={classes['asOf']} data-testid="observer-as-of">
          as of {formatCount(asOf.done)}/{formatCount(asOf.total)}, {new Date(asOf.at).toLocaleTimeString('en-GB')}
        </span>
      )}
    </header>
  )
}

function Facts({ entry, calls }: { entry: ObserverEntry; calls: number }) {
  const facts = [
    calls === 1 ? '1 call' : `${calls} calls`,
    entry.inputTokens !== null && `${formatCount(entry.inputTokens)} tokens in`,
    entry.outputTokens !== null && `${formatCount(entry.outputTokens)} out`,
    entry.costMicros === null ? 'unknown price' : formatMoney(entry.costMicros),
  ]
  return <p className={classes['quiet']}>{facts.filter((fact) => typeof fact === 'string').join(' · ')}</p>
}
