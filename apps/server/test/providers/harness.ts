import { ProviderError } from '../../src/domain/errors.ts'
import type { ChatOptions, ChatProvider, ChatRequest } from '../../src/domain/ports.ts'
import { createProviders } from '../../src/providers/index.ts'

export const openAiKey = 'sk-proj-Zx81testTESTtest5550001'
export const anthropicKey = 'sk-ant-api03-Qy92testTESTtest5550002'

/** Both providers, with keys, pointed at a local server. */
export function createTestProviders(url: string): Record<'openai' | 'anthropic', ChatProvider> {
  const [openai, anthropic] = createProviders({
    OPENAI_API_KEY: openAiKey,
    OPENAI_BASE_URL: `${url}/v1`,
    ANTHROPIC_API_KEY: anthropicKey,
    ANTHROPIC_BASE_URL: url,
  })
  if (!openai || !anthropic) throw new Error('A provider is missing.')
  return { openai, anthropic }
}

export const request: ChatRequest = {
  model: 'test-model',
  messages: [{ role: 'user', content: 'Hello?' }],
  maxOutputTokens: 100,
}

export function callOptions(overrides: Partial<ChatOptions> = {}): ChatOptions {
  return { signal: new AbortController().signal, timeoutMs: 5000, ...overrides }
}

/** The ProviderError that a call ends with. */
export async function providerErrorOf(call: Promise<unknown>): Promise<ProviderError> {
  const thrown = await call.then(
    (value) => new Error(`The call went through: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
  if (thrown instanceof ProviderError) return thrown
  throw thrown
}
