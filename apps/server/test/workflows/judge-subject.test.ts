import { describe, expect, it } from 'vitest'
import { builtInCriteria } from '../../src/domain/judge/criteria.ts'
import type { ChatRequest, ChatResult, JudgeSubject } from '../../src/domain/ports.ts'
import { CallFailedError } from '../../src/workflows/call-model.ts'
import { judgeSubject } from '../../src/workflows/judge-subject.ts'
import type { CallableModel } from '../../src/workflows/model-gateway.ts'

const subject: JudgeSubject = {
  messageId: 'm',
  runId: null,
  itemId: null,
  conversation: [
    { role: 'user', content: 'Q' },
    { role: 'assistant', content: 'A' },
  ],
  system: null,
  expected: null,
  notes: null,
}
const verdict = { reasoning: 'r', quotes: [], score: 8, confidence: 1, suggestions: [] }
const result = (text: string): ChatResult => ({
  text,
  toolCalls: [],
  usage: { inputTokens: 100, outputTokens: 10, cachedInputTokens: 0 },
  finishReason: 'stop',
  providerRequestId: null,
  latencyMs: 5,
  timeToFirstTokenMs: 1,
  rateLimit: {
    remainingRequests: null,
    remainingTokens: null,
    requestsPerMinute: null,
    tokensPerMinute: null,
    nextCallAfterMs: null,
  },
})

/** A judge whose replies are given one after the other; an Error is thrown. */
function makeJudge(replies: (string | Error)[]) {
  const requests: Omit<ChatRequest, 'model'>[] = []
  const judge: CallableModel = {
    host: 'localhost',
    ref: 'openai:j',
    price: null,
    quirks: { refusesTemperature: false },
    call: (request) => {
      requests.push(request)
      const reply = replies.shift() ?? new Error('There is no further reply.')
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve({ result: result(reply), tries: [] })
    },
    costOf: () => 42,
    worstCaseOf: () => 0,
  }
  return { judge, requests }
}

const clarity = builtInCriteria.find((criterion) => criterion.id === 'clarity')
const judgeWith = (judge: CallableModel) => {
  const task = { subject, criteria: clarity ? [clarity] : [], threshold: 7 }
  return judgeSubject({ judge, newId: () => 'id', random: () => 0.5 }, task, new AbortController().signal)
}
const failed = (kind: 'invalid-request' | 'timeout', message: string) =>
  new CallFailedError({ kind, message, retryable: false, httpStatus: 400, providerRequestId: null }, [])

describe('one verdict', () => {
  const good = JSON.stringify({ clarity: verdict })

  it('asks at temperature 0 and records scores, usage and cost', async () => {
    const { judge, requests } = makeJudge([good])
    const call = await judgeWith(judge)
    expect(requests[0]?.temperature).toBe(0)
    expect(call).toMatchObject({ costMicros: 42, usage: { inputTokens: 100 }, outcome: { ok: true } })
  })

  it('repairs an unusable reply once and pays for both calls', async () => {
    const { judge, requests } = makeJudge(['I would say 8.', good])
    const call = await judgeWith(judge)
    expect(call.outcome.ok).toBe(true)
    expect(call.usage).toMatchObject({ inputTokens: 200, outputTokens: 20 })
    expect(requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user'])
  })

  it('is a failure with the raw text after a second unusable reply', async () => {
    const { judge, requests } = makeJudge(['nonsense', 'more nonsense'])
    const call = await judgeWith(judge)
    expect(call.outcome).toMatchObject({ ok: false, rawText: 'more nonsense', failure: { retryable: true } })
    expect(requests).toHaveLength(2)
  })

  it('is a failure of its kind when the judge cannot be called, with nothing paid', async () => {
    const { judge } = makeJudge([failed('timeout', 'late')])
    expect(await judgeWith(judge)).toMatchObject({
      usage: null,
      costMicros: null,
      outcome: { ok: false, failure: { kind: 'timeout' } },
    })
  })

  it('does without the temperature where the model refuses one, and remembers it', async () => {
    const { judge, requests } = makeJudge([failed('invalid-request', "Unsupported value: 'temperature'"), good, good])
    expect((await judgeWith(judge)).outcome.ok).toBe(true)
    expect((await judgeWith(judge)).outcome.ok).toBe(true)
    expect(requests.map((request) => request.temperature)).toEqual([0, undefined, undefined])
  })

  it('fails on any other invalid request', async () => {
    const { judge, requests } = makeJudge([failed('invalid-request', 'The context is too long.')])
    expect((await judgeWith(judge)).outcome.ok).toBe(false)
    expect(requests).toHaveLength(1)
  })
})
