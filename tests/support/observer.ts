import type { AskObserverInput, ObserverEntry, ObserverEvent } from '@proctor/schema'
import type { ProctorClient } from '@proctor/client'

/** Every event of the answer that is being written, up to its end. */
export function listenToAnswer(
  client: ProctorClient,
  runId: string,
  onEvent: (event: ObserverEvent) => void = () => {},
): Promise<ObserverEvent[]> {
  return new Promise((resolve, reject) => {
    const events: ObserverEvent[] = []
    const subscription = client.observer.onAnswer.subscribe(
      { runId },
      {
        onData: (event) => {
          events.push(event)
          onEvent(event)
          if (event.type !== 'done' && event.type !== 'idle') return
          subscription.unsubscribe()
          resolve(events)
        },
        onError: reject,
      },
    )
  })
}

/** Asks, and waits for the whole answer. */
export async function askObserver(client: ProctorClient, input: AskObserverInput): Promise<ObserverEntry> {
  await client.observer.ask.mutate(input)
  await listenToAnswer(client, input.runId)
  const { entries } = await client.observer.get.query({ runId: input.runId })
  const last = entries.findLast(({ kind }) => kind === 'answer')
  if (!last) throw new Error('There is no answer.')
  return last
}
