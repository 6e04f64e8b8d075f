import type { ObserverEntry, RunDetail } from '@proctor/schema'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import type { NewEntry, ObserverStore, RunFacts, RunFactsStore } from '../../src/domain/observer/facts.ts'
import type { ModelGateway } from '../../src/workflows/model-gateway.ts'
import { ObserverDesk } from '../../src/workflows/observer/observer-desk.ts'

const counts = { total: 3, pending: 0, running: 0, answered: 3, judged: 0, judgeFailed: 0, failed: 0, judgeWaiting: 0 }
const state = {
  run: { progress: { counts } } as unknown as RunDetail,
  sums: [],
  failures: [],
  earlier: null,
  baseline: null,
}

it('a fault of ours ends the answer with a sentence, and is reported', async () => {
  const kept: NewEntry[] = []
  const reported: unknown[] = []
  let reads = 0
  const desk = new ObserverDesk({
    clock: systemClock,
    random: () => 0.5,
    newId: () => '01a20a14-4fe6-7346-893b-7da7ab514f46',
    gateway: {} as ModelGateway,
    runs: { listItems: () => Promise.reject(new Error('unused')) },
    facts: {
      read: (): Promise<RunFacts> => {
        reads += 1
        return reads === 1 ? Promise.resolve(state) : Promise.reject(new Error('The database is gone.'))
      },
    } as Partial<RunFactsStore> as RunFactsStore,
    observers: {
      get: () => Promise.resolve({ entries: [], settings: { model: null } }),
      add: (_runId: string, entry: NewEntry) => {
        kept.push(entry)
        return Promise.resolve({ kind: entry.kind } as ObserverEntry)
      },
    } as unknown as ObserverStore,
    onError: (_runId, error) => reported.push(error),
  })
  await desk.ask({ runId: 'run', text: 'How is it going?', model: null })
  const ends = []
  for await (const event of desk.read('run', new AbortController().signal)) ends.push(event.type)
  expect(ends.at(-1)).toBe('done')
  expect(reported).toEqual([new Error('The database is gone.')])
  expect(kept.map(({ kind }) => kind)).toEqual(['question', 'answer'])
  expect(kept[1]?.message.finishReason).toBe('failed')
  expect(kept[1]?.observation?.failure?.message).toContain('went wrong on the server')
})
