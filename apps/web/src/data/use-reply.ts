import type { ReplyEvent } from '@proctor/schema'
import { useEffect, useRef, useState } from 'react'
import { readError } from './errors.ts'
import { client } from './trpc.ts'

/** The reply as it is written, shown at most once per frame. A lost connection is taken up again by itself. */
export function useReply(
  conversationId: string,
  isReplying: boolean,
  onEnd: () => void,
): { text: string; problem: string | null } {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const latest = useRef(onEnd)
  useEffect(() => {
    latest.current = onEnd
  })
  useEffect(() => {
    if (!isReplying) return undefined
    let written = ''
    let frame = 0
    const show = () => {
      frame = 0
      setText(written)
    }
    const subscription = client.session.chat.onReply.subscribe(
      { conversationId },
      {
        onStarted: () => setProblem(null),
        onData: (event: ReplyEvent) => {
          if (event.type === 'text') {
            written = written.slice(0, event.offset) + event.text
            frame ||= requestAnimationFrame(show)
          } else {
            subscription.unsubscribe()
            latest.current()
          }
        },
        onError: (error) => setProblem(readError(error).message),
      },
    )
    return () => {
      cancelAnimationFrame(frame)
      subscription.unsubscribe()
      setText('')
    }
  }, [conversationId, isReplying])
  return { text, problem }
}
