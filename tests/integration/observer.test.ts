import { observerTag, type ObserverEvent } from '@proctor/schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askObserver, listenToAnswer } from '../support/observer.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const models = ['openai:sim-large', 'anthropic:sim-claude'] as const

describe('the observer', () => {
  let system: System
  let runId: string
  let baselineId: string

  beforeAll(async () => {
    system = await startSystem()
    const { client, simulator } = system
    const cases = Array.from({ length: 24 }, (_, index) => ({
      id: `case-${index + 1}`,
      prompt: `Question number ${index + 1}: what is a good way to begin?`,
      tags: [index % 2 === 0 ? 'even' : 'odd'],
      validators: [{ type: 'max-words' as const, value: 60 }],
    }))
    const suite = await client.batch.suites.create.mutate({ name: 'Observed', cases })
    const create = (sessionId: string, maxAttempts: number) =>
      client.batch.create.mutate({
        suiteVersionId: suite.versionId,
        model: 'openai:sim-small',
        tag: { mode: 'manual', sessionId },
        call: { maxAttempts },
        judge: { model: 'openai:sim-large', criteria: ['helpfulness', 'accuracy'] },
      })
    baselineId = (await create('before', 5)).runId
    await waitForRun(client, baselineId)
    simulator.configure({ errorRate: 0.2, seed: 3 })
    runId = (await create('observed', 1)).runId
    await waitForRun(client, runId)
    simulator.configure({ errorRate: 0 })
  })
  beforeEach(() => void system.simulator.configure({ script: [], tokensPerSecond: 0, latencyMs: 0, errorRate: 0 }))
  afterAll(() => system?.close())

  const ask = (text: string, model: string | null = null) => askObserver(system.client, { runId, text, model })

  describe('without a model', () => {
    it('answers every quick prompt from the run’s own figures', async () => {
      const run = await system.client.batch.get.query({ runId })
      const { quickPrompts } = await system.client.observer.get.query({ runId })
      expect(quickPrompts).toHaveLength(6)
      const { counts } = run.progress
      expect(counts.failed).toBeGreaterThan(0)
      for (const text of quickPrompts) {
        const answer = await ask(text)
        expect(answer).toMatchObject({ model: null, costMicros: 0, finish: 'stop' })
        expect(answer.observation).toMatchObject({ unverified: [], calls: 0, failure: null })
        expect(answer.observation?.asOf).toMatchObject({ done: 24, total: 24 })
        expect(answer.observation?.steps.every(({ error }) => error === null)).toBe(true)
      }
      expect((await ask('How is it going?')).text).toContain(`failed: ${counts.failed} `)
      const quality = run.progress.quality.find(({ criterion }) => criterion === 'accuracy')
      expect((await ask('What is the mean accuracy?')).text).toContain(
        String(Math.round((quality?.mean ?? 0) * 100) / 100),
      )
    })

    it('cites items that can be opened, and proposes without doing', async () => {
      const answer = await ask('What should I fix first?')
      const { citations, proposals } = answer.observation ?? { citations: [], proposals: [] }
      expect(citations.length).toBeGreaterThan(0)
      for (const { number, itemId, caseId } of citations) {
        const { item } = await system.client.batch.neighbours.query({ itemId })
        expect({ position: item.position, caseId: item.caseId }).toEqual({ position: number - 1, caseId })
      }
      expect(proposals[0]).toMatchObject({ action: 'retry', count: expect.any(Number) })
      expect((await system.client.batch.get.query({ runId })).status).toBe('completed')
    })

    it('says what it cannot answer, and what no look can tell', async () => {
      expect((await ask('Tell me a joke')).text).toContain('beyond the built-in analyst')
      expect((await ask('Show item 999')).text).toContain('no item 999')
      expect((await ask('Compare with nowhere')).text).toContain('no other run with the session nowhere')
    })

    it('compares with the baseline by name or by default', async () => {
      const [one, two] = [await ask('Compare with the baseline'), await ask('Compare with before')]
      expect(one.text).toContain('Against **before**')
      expect(two.text).toBe(one.text)
      expect(one.text).toMatch(/accuracy \| [\d.]+ \| [\d.]+ \| -?[\d.]+/)
    })
  })

  describe.each(models)('with %s, through its SDK', (model) => {
    it('looks with several tools at once, and repeats what they say', async () => {
      system.simulator.configure({
        script: [
          {
            when: 'both',
            replies: [
              {
                text: 'Let me look.',
                calls: [
                  { name: 'error_groups', arguments: {} },
                  { name: 'score_distribution', arguments: { criterion: 'accuracy' } },
                ],
              },
              {
                text: 'There are {{0.groups.0.count}} of the first kind, see [#{{0.groups.0.items.0.item}}]; accuracy has a mean of {{1.meanScore}}.',
              },
            ],
          },
        ],
      })
      const answer = await ask('Tell me both.', model)
      expect(answer.text).toMatch(
        /^Let me look\.\n\nThere are \d+ of the first kind, see \[#\d+\]; accuracy has a mean of [\d.]+\.$/,
      )
      expect(answer.observation).toMatchObject({ unverified: [], calls: 2, failure: null })
      expect(answer.observation?.steps.map(({ tool }) => tool)).toEqual([
        'run_state',
        'error_groups',
        'score_distribution',
      ])
      expect(answer.observation?.citations).toHaveLength(1)
      expect(answer).toMatchObject({ model, finish: 'stop', inputTokens: expect.any(Number) })
    })

    it('tells the model of a wrong tool, wrong arguments and a look that fails, and goes on', async () => {
      system.simulator.configure({
        script: [
          {
            when: 'wrongly',
            replies: [
              {
                calls: [
                  { name: 'delete_run', arguments: {} },
                  { name: 'get_item', arguments: { number: 'four' } },
                  { name: 'get_item', arguments: { number: 400 } },
                  { name: 'list_items', arguments: '{"state": [' },
                ],
              },
              { text: '{{/error":"([^"]+)/}}' },
            ],
          },
        ],
      })
      const answer = await ask('Look wrongly.', model)
      const errors = answer.observation?.steps.map(({ error }) => error)
      expect(errors?.[1]).toContain('no tool delete_run')
      expect(errors?.[2]).toContain('Wrong arguments: number')
      expect(errors?.[3]).toContain('no item 400')
      expect(answer.finish).toBe('stop')
      expect(answer.text).toContain('no tool delete_run')
    })

    it('ends a loop that would not end', async () => {
      system.simulator.configure({
        script: [{ when: 'forever', replies: [{ calls: [{ name: 'error_groups', arguments: {} }] }] }],
      })
      const before = system.simulator.stats().calls
      const answer = await ask('Look forever.', model)
      expect(system.simulator.stats().calls - before).toBe(6)
      expect(answer).toMatchObject({ finish: 'failed', observation: { calls: 6 } })
      expect(answer.observation?.failure?.message).toContain('did not come to an answer in 6 calls')
    })

    it('survives a provider that fails between two looks, writing nothing twice', async () => {
      system.simulator.configure({
        script: [
          {
            when: 'shaky',
            replies: [
              { text: 'First.', calls: [{ name: 'error_groups', arguments: {} }] },
              { text: 'Second.', failures: 1 },
            ],
          },
        ],
      })
      expect(await ask('A shaky one.', model)).toMatchObject({ text: 'First.\n\nSecond.', finish: 'stop' })
    })

    it('keeps what it has when the provider fails for good', async () => {
      system.simulator.configure({
        script: [
          {
            when: 'broken',
            replies: [{ text: 'First.', calls: [{ name: 'error_groups', arguments: {} }] }, { failures: 99 }],
          },
        ],
      })
      const answer = await ask('A broken one.', model)
      expect(answer).toMatchObject({ text: 'First.', finish: 'failed' })
      expect(answer.observation?.steps).toHaveLength(2)
      expect(answer.observation?.failure?.message).toContain('had an error')
    })

    it('stops in the middle, and a reader who comes late has missed nothing', async () => {
      system.simulator.configure({
        tokensPerSecond: 10,
        script: [
          {
            when: 'slowly',
            replies: [
              { calls: [{ name: 'error_groups', arguments: {} }] },
              { text: 'One two three four five six. '.repeat(40) },
            ],
          },
        ],
      })
      await system.client.observer.ask.mutate({ runId, text: 'Speak slowly.', model })
      await expect(system.client.observer.ask.mutate({ runId, text: 'And?', model })).rejects.toThrow('being written')
      let hasText = () => {}
      const text = new Promise<void>((resolve) => (hasText = resolve))
      const first = listenToAnswer(system.client, runId, (event) => event.type === 'text' && hasText())
      await text
      expect((await system.client.observer.get.query({ runId })).isAnswering).toBe(true)
      const second = listenToAnswer(system.client, runId, (event) => {
        if (event.type === 'text') void system.client.observer.stop.mutate({ runId })
      })
      const [one, two] = await Promise.all([first, second])
      expect(textOf(two)).toBe(textOf(one))
      expect(stepsOf(two)).toEqual(stepsOf(one))
      const end = two.at(-1)
      expect(end).toMatchObject({ type: 'done', entry: { finish: 'stopped', text: textOf(two).trim() } })
      expect((await listenToAnswer(system.client, runId)).map(({ type }) => type)).toEqual(['idle'])
    })

    it('marks figures and citations that no tool gave', async () => {
      system.simulator.configure({
        script: [
          {
            when: 'invent',
            replies: [
              {
                text: 'Of 24 items 7,777 failed ([#55]); accuracy is 9.99/10 and it cost $123.45, 77.7% of it for judging.',
              },
            ],
          },
        ],
      })
      const { observation } = await ask('Please invent.', model)
      expect(observation?.unverified.toSorted()).toEqual(['$123.45', '7,777', '77.7%', '9.99/10', '[#55]'].toSorted())
    })
  })

  it('sees each time the state of that moment, and says which', async () => {
    const { client, simulator } = system
    simulator.configure({ latencyMs: 120 })
    const { suite } = await client.batch.get.query({ runId })
    const moving = await client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency: 2,
    })
    const doneNow = async () => {
      const { observation, text } = await askObserver(client, {
        runId: moving.runId,
        text: 'How is it going?',
        model: null,
      })
      const done = observation?.asOf.done ?? -1
      expect(text).toContain(`${done} of 24 items are done`)
      return done
    }
    const first = await doneNow()
    await expect.poll(doneNow).toBeGreaterThan(first)
    await waitForRun(client, moving.runId)
    expect(await doneNow()).toBe(24)
  })

  it('spends no more on an answer than it may, whatever the model asks for', async () => {
    const model = 'anthropic:sim-claude'
    const price = {
      inputMicrosPerMillion: 30_000_000,
      outputMicrosPerMillion: 30_000_000,
      cachedInputMicrosPerMillion: 0,
    }
    await system.client.batch.prices.save.mutate({ model, effectiveFrom: '2026-01-01', ...price, source: 'made up' })
    system.simulator.configure({
      script: [{ when: 'forever', replies: [{ calls: [{ name: 'error_groups', arguments: {} }] }] }],
    })
    const answer = await ask('Look forever.', model)
    expect(answer.observation?.calls).toBe(2)
    expect(answer.costMicros).toBeGreaterThan(0)
    expect(answer.costMicros).toBeLessThan(150_000)
    const { cost } = await system.client.observer.get.query({ runId })
    expect(cost.answersMicros).toBe(answer.costMicros)
    // Counted apart: the run itself has cost what it had.
    expect((await system.client.batch.get.query({ runId })).progress.cost.answersMicros).toBe(0)
  })

  it('keeps its conversation under its tag, apart from the sessions, and exports it', async () => {
    const sessionId = observerTag(runId)
    const { entries, cost } = await system.client.observer.get.query({ runId })
    const session = await system.client.session.get.query({ sessionId })
    expect(session.messageCount).toBe(entries.length)
    const { items } = await system.client.session.list.query({})
    expect(items.map((entry) => entry.sessionId)).toEqual(expect.not.arrayContaining([sessionId]))
    expect(cost.unpricedAnswers).toBeGreaterThan(0)
    const response = await fetch(`${system.url}/export/runs/${runId}.observer`)
    expect(response.headers.get('content-disposition')).toContain('observed.observer.jsonl')
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string })
    expect(lines.map(({ id }) => id)).toEqual(entries.map(({ id }) => id))
    // The run's own cost and tag are not touched.
    const { progress } = await system.client.batch.get.query({ runId: baselineId })
    expect(progress.counts.judged).toBe(24)
  })

  it('refuses what cannot be asked, before anything is stored', async () => {
    const { ask: send } = system.client.observer
    const before = (await system.client.observer.get.query({ runId })).entries.length
    await expect(send.mutate({ runId, text: ' ', model: null })).rejects.toThrow('Write a question')
    await expect(send.mutate({ runId, text: 'Hi', model: 'nobody:x' })).rejects.toThrow('no provider')
    await expect(
      send.mutate({ runId: '0198a000-0000-7000-8000-000000000000', text: 'Hi', model: null }),
    ).rejects.toThrow('no such run')
    expect((await system.client.observer.get.query({ runId })).entries).toHaveLength(before)
  })
})

function textOf(events: readonly ObserverEvent[]): string {
  return events.reduce((text, event) => (event.type === 'text' ? text.slice(0, event.offset) + event.text : text), '')
}

function stepsOf(events: readonly ObserverEvent[]) {
  return events.flatMap((event) => (event.type === 'step' ? [event.step] : []))
}
