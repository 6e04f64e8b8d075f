import type { TestCallResult } from '@proctor/schema'
import { CallFailedError } from './call-model.ts'
import type { ModelGateway } from './model-gateway.ts'

const timeoutMs = 30_000
/** Reasoning models spend some tokens before the first visible one. */
const maxOutputTokens = 16

/** One small call, as runs make them, to see whether a model answers and how fast. */
export async function testCall(gateway: ModelGateway, ref: string, signal: AbortSignal): Promise<TestCallResult> {
  const model = await gateway.model(ref, 'model')
  const request = { messages: [{ role: 'user' as const, content: 'Answer with one word: ready' }], maxOutputTokens }
  try {
    const { result } = await model.call(request, { timeoutMs, maxAttempts: 1 }, signal)
    const { latencyMs, timeToFirstTokenMs, usage, rateLimit } = result
    return { ok: true, latencyMs, timeToFirstTokenMs, usage, rateLimit, costMicros: model.costOf(usage) }
  } catch (error) {
    if (error instanceof CallFailedError) return { ok: false, failure: error.failure }
    throw error
  }
}
