import { costMicros, type ModelPrice } from '@proctor/schema'
import type { ChatRequest } from '../ports.ts'

/** Role markers and the like, per message; generous. */
const overheadTokensPerMessage = 32

/**
 * The most that a call can cost in micro-dollars. Input tokens are bounded by UTF-8 bytes (no
 * byte-level BPE vocabulary gives more tokens than bytes), output tokens by the request's own limit.
 */
export function worstCaseMicros(request: ChatRequest, price: ModelPrice): number {
  const texts = [
    request.system ?? '',
    ...request.messages.map((message) => message.content),
    request.responseSchema ? JSON.stringify(request.responseSchema.schema) : '',
    request.tools ? JSON.stringify(request.tools) : '',
  ]
  const inputTokens = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + overheadTokensPerMessage, 0)
  const usage = { inputTokens, outputTokens: request.maxOutputTokens, cachedInputTokens: 0 }
  return costMicros(usage, price) ?? 0
}
