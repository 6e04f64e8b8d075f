import type { AsOf, ObserverEvent, ObserverStep } from '@proctor/schema'
import { useEffect, useRef, useState } from 'react'
import { readError } from './errors.ts'
import { client, trpc } from './trpc.ts'

const followMs = 4000

/** The conversation about a run; looked at again while notes may come by themselves. */
export function useObserver(runId: string) {
  return trpc.observer.get.useQuery(
    { runId },
    { refetchInterval: ({ state }) => (state.data?.settings.speaksUp ? followMs : false) },
  )
}

/** An answer as far as it has come. */
export interface AnswerInFlight {
  asOf: AsOf | null
  model: string | null
  steps: readonly ObserverStep[]
  text: string
}

const nothingYet: AnswerInFlight = { asOf: null, model: null, steps: [], text: '' }

/** The answer that is being written, shown at most once per frame; a reload takes it up where it stands. */
export function useAnswer(
  runId: string,
  isAnswering: boolean,
  onEnd: () => void,
): { answer: AnswerInFlight; problem: string | null } {
  const [answer, setAnswer] = useState(nothingYet)
  const [problem, setProblem] = useState<string | null>(null)
  const latest = useRef(onEnd)
  useEffect(() => {
    latest.current = onEnd
  })
  useEffect(() => {
    if (!isAnswering) return undefined
    let written = nothingYet
    let frame = 0
    const show = () => {
      frame = 0
      setAnswer(written)
    }
    const subscription = client.observer.onAnswer.subscribe(
      { runId },
      {
        onStarted: () => setProblem(null),
        onData: (event: ObserverEvent) => {
          if (event.type === 'done' || event.type === 'idle') {
            subscription.unsubscribe()
            latest.current()
            return
          }
          written = applyEvent(written, event)
          frame ||= requestAnimationFrame(show)
        },
        onError: (error) => setProblem(readError(error).message),
      },
    )
    return () => {
      cancelAnimationFrame(frame)
      subscription.unsubscribe()
      setAnswer(nothingYet)
    }
  }, [runId, isAnswering])
  return { answer, problem }
}

/** Pure; an event that comes twice, as after a lost connection, changes nothing. */
export function applyEvent(
  answer: AnswerInFlight,
  event: Extract<ObserverEvent, { type: 'started' | 'step' | 'text' }>,
): AnswerInFlight {
  if (event.type === 'started') return { ...answer, asOf: event.asOf, model: event.model }
  if (event.type === 'text') return { ...answer, text: answer.text.slice(0, event.offset) + event.text }
  return { ...answer, steps: [...answer.steps.slice(0, event.index), event.step] }
}
