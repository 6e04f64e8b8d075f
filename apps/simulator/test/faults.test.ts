import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { describe, expect, it, vi } from 'vitest'
import { ask, errorOf, judge, judgePrompt, judgeText, setUp } from './helpers.ts'

describe('faults', () => {
  it('spoils verdicts in three ways in turn, and nothing but verdicts', async () => {
    await using setup = await setUp({ malformedRate: 1 })
    const texts: string[] = []
    for (let index = 0; index < 4; index += 1)
      texts.push(await judgeText(setup.openai, 'sim-large', judgePrompt('Q?', 'A good answer.'), ['clarity', 'depth']))
    expect(() => JSON.parse(texts[0] as string)).toThrow()
    expect(JSON.parse(texts[1] as string)).toMatchObject({ clarity: { score: 11 } })
    expect(Object.keys(JSON.parse(texts[2] as string))).toEqual(['depth'])
    expect(texts[3]).toBe(texts[0])
    expect((await ask(setup.openai, 'Hi')).choices[0]?.message.content).toContain('Hi')
    expect(setup.simulator.stats().malformed).toBe(4)
  })

  it('repeats its draws for the same seed', async () => {
    const failures = async (seed: number): Promise<boolean[]> => {
      await using setup = await setUp({ errorRate: 0.3, seed })
      const results: boolean[] = []
      for (let index = 0; index < 40; index += 1) {
        results.push(
          await ask(setup.openai, 'Hi').then(
            () => false,
            () => true,
          ),
        )
      }
      return results
    }
    const first = await failures(7)
    expect(await failures(7)).toEqual(first)
    expect(await failures(8)).not.toEqual(first)
    expect(first.filter(Boolean).length).toBeGreaterThan(4)
  })

  it('resets the connection in the middle of an answer', async () => {
    await using setup = await setUp({ resetRate: 1 })
    expect(await errorOf(ask(setup.openai, 'Hi'))).toBeInstanceOf(Error)
    const stream = await setup.openai.chat.completions.create({
      model: 'sim-large',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
    let text = ''
    const error = await errorOf(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
      })(),
    )
    expect(error).toBeInstanceOf(Error)
    expect(text).not.toBe('')
    await vi.waitFor(() => expect(setup.simulator.stats()).toMatchObject({ reset: 2, aborted: 0, inFlight: 0 }))
  })

  it('hangs until the client gives up, and counts it as aborted', async () => {
    await using setup = await setUp({ hangRate: 1 })
    const error = await errorOf(
      setup.openai.chat.completions.create(
        { model: 'sim-large', messages: [{ role: 'user', content: 'Hi' }] },
        { timeout: 150 },
      ),
    )
    expect(error).toBeInstanceOf(OpenAI.APIConnectionTimeoutError)
    await vi.waitFor(() => expect(setup.simulator.stats()).toMatchObject({ hung: 1, aborted: 1, inFlight: 0 }))
  })

  it('stops a stream when the client goes away', async () => {
    await using setup = await setUp({ tokensPerSecond: 20 })
    const stream = await setup.openai.chat.completions.create({
      model: 'sim-large',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
    for await (const _ of stream) break
    await vi.waitFor(() => expect(setup.simulator.stats()).toMatchObject({ aborted: 1, inFlight: 0, peakInFlight: 1 }))
  })

  it('counts the calls in flight at one time', async () => {
    await using setup = await setUp({ latencyMs: 100 })
    const startedAt = performance.now()
    await Promise.all(Array.from({ length: 20 }, () => ask(setup.openai, 'Hi')))
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(setup.simulator.stats()).toMatchObject({ calls: 20, inFlight: 0, peakInFlight: 20, aborted: 0 })
  })
})

describe('the control endpoints', () => {
  it('shows the counters and changes settings over HTTP', async () => {
    await using setup = await setUp()
    const { url } = setup.simulator
    const post = (body: unknown) => fetch(`${url}/simulator/settings`, { method: 'POST', body: JSON.stringify(body) })
    expect(await (await post({ errorRate: 1, latencyMs: 5 })).json()).toMatchObject({
      errorRate: 1,
      latencyMs: 5,
      seed: 1,
    })
    await errorOf(ask(setup.openai, 'Hi'))
    const stats = (await (await fetch(`${url}/simulator/stats`)).json()) as object
    expect(stats).toMatchObject({ calls: 1, errors: { 500: 1 }, byModel: { 'sim-large': { calls: 1 } } })
    const wrong = await post({ errorRate: 2 })
    expect(wrong.status).toBe(400)
    expect(await wrong.json()).toMatchObject({ error: { message: expect.stringContaining('errorRate') } })
    expect((await post({ port: 1 })).status).toBe(400)
    expect((await post({ nonsense: 1 })).status).toBe(400)
  })
})

describe('the demo format', () => {
  it('reads suite.json and scores by criterion', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
    try {
      const answer = { model: 'm', prompt_id: 'c1', response: 'Four. It is even.' }
      const judgment = {
        judge: 'j',
        prompt_id: 'c1',
        model: 'm',
        scores: { accuracy: 9, depth: 4 },
        quotes: ['It is even.'],
        confidence: 0.9,
        suggestions: ['Say why.'],
        review: 'Right.',
      }
      writeFileSync(join(folder, 'suite.json'), JSON.stringify({ cases: [{ id: 'c1', prompt: '2+2?' }] }))
      writeFileSync(join(folder, 'answers.jsonl'), JSON.stringify(answer))
      writeFileSync(join(folder, 'judgments.jsonl'), JSON.stringify(judgment))
      await using setup = await setUp({ replay: [folder] })
      expect((await ask(setup.openai, '2+2?', 'm')).choices[0]?.message.content).toBe(answer.response)
      const verdict = await judge(setup.openai, 'j', judgePrompt('2+2?', answer.response), [
        'depth',
        'accuracy',
        'tone',
      ])
      expect(verdict['depth']).toEqual({
        reasoning: 'Right.',
        quotes: ['It is even.'],
        score: 4,
        confidence: 0.9,
        suggestions: ['Say why.'],
      })
      expect([verdict['accuracy']?.score, verdict['tone']?.score]).toEqual([9, 7])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
