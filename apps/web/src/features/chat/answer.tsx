import { Button, CopyButton } from '@mantine/core'
import { IconBookmarkPlus, IconCopy, IconGavel } from '@tabler/icons-react'
import type { Message } from '@proctor/schema'
import { useState } from 'react'
import { trpc } from '../../data/trpc.ts'
import { formatCount } from '../../ui/count.ts'
import { formatLatency } from '../../ui/duration.ts'
import { Feedback } from '../../ui/feedback/feedback.tsx'
import { JudgeAnswer } from '../../ui/judge-answer.tsx'
import { Judgments } from '../../ui/judgments.tsx'
import { MessageText } from '../../ui/message-text/message-text.tsx'
import { formatMoney } from '../../ui/money.ts'
import { SaveAsCase } from './save-as-case.tsx'
import classes from './chat.module.css'

/** One answer with what it took, what judges and people think of it, and what can be done with it. */
export function Answer({ message }: { message: Message }) {
  const verdicts = trpc.judge.forMessage.useQuery({ messageId: message.id })
  const [doing, setDoing] = useState<'judge' | 'save' | null>(null)
  const current = verdicts.data?.judgments.filter((judgment) => judgment.current) ?? []
  const facts = [
    message.model,
    message.finishReason === 'stopped' && 'stopped',
    message.finishReason === 'length' && 'cut off at the token limit',
    message.inputTokens !== null && `${formatCount(message.inputTokens)} tokens in`,
    message.outputTokens !== null && `${formatCount(message.outputTokens)} out`,
    message.timeToFirstTokenMs !== null && `first token ${formatLatency(message.timeToFirstTokenMs)}`,
    message.latencyMs !== null && formatLatency(message.latencyMs),
    message.costMicros === null ? message.outputTokens !== null && 'unknown price' : formatMoney(message.costMicros),
  ]
  return (
    <article className={classes['answer']} data-testid="chat-answer">
      <MessageText
        text={message.content}
        view="markdown"
        quotes={current.flatMap((judgment) => judgment.evidence.quotes)}
      />
      <p className={classes['facts']}>{facts.filter((fact) => typeof fact === 'string').join(' · ')}</p>
      <div className={classes['tools']}>
        <Feedback messageId={message.id} judgments={current} />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconGavel size={14} aria-hidden />}
          onClick={() => setDoing('judge')}
        >
          Judge
        </Button>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconBookmarkPlus size={14} aria-hidden />}
          onClick={() => setDoing('save')}
        >
          Save as case
        </Button>
        <CopyButton value={message.content}>
          {({ copied, copy }) => (
            <Button variant="subtle" color="gray" leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
      <Judgments judgments={current} failedCalls={verdicts.data?.failedCalls ?? []} criteria={[]} />
      {doing === 'judge' && (
        <JudgeAnswer
          settings={null}
          messageId={message.id}
          onClose={() => {
            setDoing(null)
            void verdicts.refetch()
          }}
        />
      )}
      {doing === 'save' && <SaveAsCase message={message} onClose={() => setDoing(null)} />}
    </article>
  )
}
