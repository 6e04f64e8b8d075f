import type { RunEvent } from '@proctor/schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSystem, waitForRun, type System } from '../support/system.ts'

describe('the observer speaks up by itself', () => {
  let system: System
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem()
    const cases = Array.from({ length: 60 }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}?` }))
    suiteVersionId = (await system.client.batch.suites.create.mutate({ name: 'Watched', cases })).versionId
    await system.client.batch.prices.save.mutate({
      model: 'openai:sim-small',
      effectiveFrom: '2026-01-01',
      inputMicrosPerMillion: 1_000_000,
      outputMicrosPerMillion: 1_000_000,
      cachedInputMicrosPerMillion: 0,
      source: 'made up',
    })
  })
  beforeEach(() => void system.simulator.configure({ errorRate: 0, latencyMs: 0, script: [], seed: 1 }))
  afterAll(() => system?.close())

  const start = (changes: object = {}) =>
    system.client.batch.create.mutate({
      suiteVersionId,
      model: 'openai:sim-small',
      call: { maxAttempts: 1 },
      ...changes,
    })
  const notesOf = async (runId: string) => {
    const { entries } = await system.client.observer.get.query({ runId })
    return entries.filter(({ kind }) => kind === 'note')
  }
  const kindsOf = async (runId: string) => (await notesOf(runId)).map(({ observation }) => observation?.noteKind)

  it('is silent unless it is switched on', async () => {
    const { runId } = await start()
    await waitForRun(system.client, runId)
    const watched = await start()
    await system.client.observer.configure.mutate({ runId: watched.runId, speaksUp: true })
    await expect.poll(() => kindsOf(watched.runId)).toContain('milestone')
    expect(await notesOf(runId)).toEqual([])
  })

  it('tells failures and the end, in plain words, each once, with what rests on them', async () => {
    system.simulator.configure({ errorRate: 0.5, latencyMs: 30 })
    const { runId } = await start({ concurrency: 4 })
    await system.client.observer.configure.mutate({ runId, speaksUp: true })
    await waitForRun(system.client, runId)
    await expect.poll(async () => (await notesOf(runId)).map(({ text }) => text).join('\n')).toContain('complete')
    // One sweep posts its notes one after the other.
    const wanted = expect.arrayContaining(['failure-rate', 'repeated-error', 'milestone'])
    await expect.poll(() => kindsOf(runId)).toEqual(wanted)
    const notes = await notesOf(runId)
    const texts = notes.map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
    const failures = notes.find(({ observation }) => observation?.noteKind === 'failure-rate')
    expect(failures).toMatchObject({ model: null, costMicros: 0, observation: { unverified: [], calls: 0 } })
    expect(failures?.observation?.citations.length).toBeGreaterThan(0)
    const run = await system.client.batch.get.query({ runId })
    const end = notes.find(({ text }) => text.includes('complete'))
    expect(end?.text).toContain(`60 of 60 items, ${run.progress.counts.failed} failed`)
  })

  it('is an event of the run, in its gapless order', async () => {
    const { runId } = await start()
    await system.client.observer.configure.mutate({ runId, speaksUp: true })
    await expect.poll(() => kindsOf(runId)).toContain('milestone')
    const events = await new Promise<RunEvent[]>((resolve, reject) => {
      const seen: RunEvent[] = []
      const subscription = system.client.batch.onRunEvents.subscribe(
        { runId, lastEventId: '0' },
        {
          onData: ({ data }) => {
            if (data.kind !== 'event') return
            seen.push(data.event)
            if (data.event.body.type !== 'note') return
            subscription.unsubscribe()
            resolve(seen)
          },
          onError: reject,
        },
      )
    })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
    const [note] = await notesOf(runId)
    expect(events.at(-1)?.body).toMatchObject({ type: 'note', note: { entryId: note?.id, kind: 'milestone' } })
  })

  it('notices a budget that will not last', async () => {
    const { runId: first } = await start()
    const { progress } = await waitForRun(system.client, first)
    // Slow enough for a look between the twentieth item and the end of the budget.
    system.simulator.configure({ latencyMs: 250 })
    const budgetMicros = Math.round(progress.cost.answersMicros * 0.9)
    const { runId } = await start({ concurrency: 2, budgetMicros })
    await system.client.observer.configure.mutate({ runId, speaksUp: true })
    await expect.poll(() => kindsOf(runId)).toContain('budget')
    const note = (await notesOf(runId)).find(({ observation }) => observation?.noteKind === 'budget')
    expect(note?.text).toContain('pass its budget')
    expect(note?.observation?.proposals).toEqual([{ action: 'pause' }])
  })

  describe('worded by a model', () => {
    const lastNote = async (says: string, noteBudgetMicros: number | null) => {
      system.simulator.configure({ script: [{ when: 'the run is complete', replies: [{ text: says }] }] })
      const { runId } = await start()
      await system.client.observer.configure.mutate({
        runId,
        speaksUp: true,
        model: 'openai:sim-small',
        noteBudgetMicros,
      })
      const find = async () => (await notesOf(runId)).find(({ text }) => /through|complete/.test(text))
      await expect.poll(find).toBeDefined()
      return { note: await find(), cost: (await system.client.observer.get.query({ runId })).cost }
    }

    it('takes its words where the figures hold, and pays for them apart from the run', async () => {
      const { note, cost } = await lastNote('All 60 items are through.', 1_000_000)
      expect(note).toMatchObject({ text: 'All 60 items are through.', model: 'openai:sim-small' })
      expect(note?.observation).toMatchObject({ calls: 1, unverified: [] })
      expect(note?.costMicros).toBeGreaterThan(0)
      expect(cost.notesMicros).toBeGreaterThanOrEqual(note?.costMicros ?? 0)
      expect(cost.answersMicros).toBe(0)
    })

    it('keeps to the plain words where a figure does not hold', async () => {
      const { note } = await lastNote('All 61 items are through, 10/10.', 1_000_000)
      expect(note?.text).toContain('The run is complete: 60 of 60 items')
      expect(note).toMatchObject({ model: null, observation: { calls: 1, unverified: [] } })
    })

    it.each([null, 1])('asks no model with a budget of %s', async (budget) => {
      const { note, cost } = await lastNote('All 60 items are through.', budget)
      expect(note?.text).toContain('The run is complete')
      expect(note?.observation?.calls).toBe(0)
      expect(cost.notesMicros).toBe(0)
    })
  })
})
