import { Button, Textarea } from '@mantine/core'
import { IconPlayerStop, IconSend } from '@tabler/icons-react'
import type { ObserverDetail } from '@proctor/schema'
import { useState } from 'react'
import { formatMoney } from '../../ui/money.ts'
import { SettingsPopover } from './settings-popover.tsx'
import classes from './observer.module.css'

/** Where one asks: quick prompts, a line of one's own, who answers. Enter sends, Esc stops. */
export function Composer({
  detail,
  isSending,
  onAsk,
  onStop,
}: {
  detail: ObserverDetail
  isSending: boolean
  /** Resolves to true when the question was sent and can be cleared. */
  onAsk: (text: string) => Promise<boolean>
  onStop: () => void
}) {
  const [text, setText] = useState('')
  const { isAnswering, quickPrompts, cost } = detail
  const isBusy = isAnswering || isSending
  async function send() {
    if (text.trim() !== '' && !isBusy && (await onAsk(text))) setText('')
  }
  const spent = cost.answersMicros + cost.notesMicros
  return (
    <form
      className={classes['composer']}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <div
        className={classes['prompts']}
        data-line={detail.entries.length > 0 || undefined}
        role="group"
        aria-label="Quick prompts"
      >
        {quickPrompts.map((prompt) => (
          <button key={prompt} type="button" disabled={isBusy} onClick={() => void onAsk(prompt)}>
            {prompt}
          </button>
        ))}
      </div>
      <Textarea
        aria-label="Question"
        placeholder="Ask about this run"
        autosize
        minRows={1}
        maxRows={8}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isAnswering) onStop()
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void send()
        }}
      />
      <div className={classes['row']}>
        <SettingsPopover detail={detail} />
        {(spent > 0 || cost.unpricedAnswers > 0) && (
          <span className={classes['quiet']} title="What this conversation has cost, apart from the run">
            {cost.unpricedAnswers > 0 && spent === 0 ? 'cost unknown' : `cost ${formatMoney(spent)}`}
            {cost.unpricedAnswers > 0 && spent > 0 && ' + unpriced'}
          </span>
        )}
        {isAnswering ? (
          <Button leftSection={<IconPlayerStop size={14} aria-hidden />} onClick={onStop} data-testid="observer-stop">
            Stop
          </Button>
        ) : (
          <Button
            type="submit"
            disabled={text.trim() === ''}
            loading={isSending}
            leftSection={<IconSend size={14} aria-hidden />}
          >
            Ask
          </Button>
        )}
      </div>
    </form>
  )
}
