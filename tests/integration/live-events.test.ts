import { createProctorClient } from '@proctor/client'
import type { RunUpdate } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

describe('the live events of a run', () => {
  let system: System
  let proxy: CuttingProxy
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem({ simulator: { latencyMs: 100, jitterMs: 50 } })
    proxy = await startCuttingProxy(system.url)
    const cases = Array.from({ length: 120 }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    suiteVersionId = (await system.client.batch.suites.create.mutate({ name: 'Live', cases })).versionId
  })
  afterAll(async () => {
    await proxy?.close()
    await system?.close()
  })

  const startRun = async (concurrency: number) => {
    const judge = { model: 'openai:sim-large', criteria: ['clarity' as const] }
    const input = { suiteVersionId, model: 'openai:sim-small', concurrency, judge }
    return (await system.client.batch.create.mutate(input)).runId
  }

  const collect = (url: string, runId: string) => {
    const updates: RunUpdate[] = []
    const errors: unknown[] = []
    const subscription = createProctorClient({ url }).batch.onRunEvents.subscribe(
      { runId },
      { onData: ({ data }) => updates.push(data), onError: (error) => errors.push(error) },
    )
    return {
      updates,
      errors,
      seqs: () => updates.flatMap((update) => (update.kind === 'event' ? [update.event.seq] : [])),
      stop: () => subscription.unsubscribe(),
    }
  }

  const waitFor = async (condition: () => boolean, what: string) => {
    const deadline = Date.now() + 20_000
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  it('come as one snapshot, then every event once and in order, over dropped connections', async () => {
    const runId = await startRun(2)
    const live = collect(proxy.url, runId)
    await waitFor(() => live.seqs().length > 20, 'the first events')
    for (let drop = 0; drop < 2; drop++) {
      proxy.cut()
      // What had arrived is still being read; after that, nothing comes while the run goes on.
      await new Promise((resolve) => setTimeout(resolve, 100))
      const before = live.seqs().length
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(live.seqs().length).toBe(before)
      proxy.mend()
      await waitFor(() => live.seqs().length > before, 'events after the drop')
    }
    const run = await waitForRun(system.client, runId)
    await waitFor(() => live.seqs().at(-1) === run.lastEventSeq, 'the last event')
    live.stop()

    expect(live.errors).toEqual([])
    expect(live.updates.filter((update) => update.kind === 'snapshot')).toHaveLength(1)
    const first = live.updates[0]
    const start = first?.kind === 'snapshot' ? first.run.lastEventSeq : Number.NaN
    const expected = Array.from({ length: run.lastEventSeq - start }, (_, index) => start + 1 + index)
    expect(live.seqs()).toEqual(expected)
  })

  it('reach a subscriber who comes late as a snapshot of the end', async () => {
    const runId = await startRun(32)
    const run = await waitForRun(system.client, runId)
    const live = collect(system.url, runId)
    await waitFor(() => live.updates.length > 0, 'the snapshot')
    live.stop()
    const [snapshot] = live.updates
    expect(snapshot?.kind === 'snapshot' && snapshot.run.progress).toEqual(run.progress)
  })

  it('end with counters that equal what the items say', async () => {
    const runId = await startRun(16)
    const live = collect(system.url, runId)
    const run = await waitForRun(system.client, runId)
    await waitFor(() => live.seqs().at(-1) === run.lastEventSeq, 'the last event')
    live.stop()
    const bodies = live.updates.flatMap((update) => (update.kind === 'event' ? [update.event.body] : []))
    const last = bodies.findLast((body) => body.type === 'progress')
    expect(last?.type === 'progress' && last.progress).toEqual(run.progress)
    const states = new Map(bodies.flatMap((body) => (body.type === 'item' ? [[body.item.id, body.item.state]] : [])))
    expect([...states.values()].filter((state) => state === 'judged')).toHaveLength(120)
  })

  it('are refused for a run that does not exist, naming the field', async () => {
    const live = collect(system.url, '01890a5d-ac96-774b-bcce-b302099a8057')
    await waitFor(() => live.errors.length > 0, 'the error')
    live.stop()
    expect(live.errors[0]).toMatchObject({ data: { error: { code: 'not-found', field: 'runId' } } })
  })
})
