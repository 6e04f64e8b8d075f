import type { ChatProvider } from '../domain/ports.ts'
import { createAnthropicProvider } from './anthropic/provider.ts'
import { createOpenAiProvider } from './openai/provider.ts'

/**
 * The providers, in the order of the pickers. A further one is a folder and a line here.
 * @param variables the environment: `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL`
 */
export function createProviders(variables: Record<string, string | undefined>): ChatProvider[] {
  return [createOpenAiProvider(variables), createAnthropicProvider(variables)]
}
