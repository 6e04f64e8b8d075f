import type { ChatRequest } from './ports.ts'

/**
 * All that determines a call, as one text: the same text, the same question to the same model. Repeats of
 * a case are different questions, since they are asked to see how answers vary.
 * @param server the address that the calls go to
 */
export function describeCall(
  model: string,
  server: string,
  request: Omit<ChatRequest, 'model'>,
  repeat: number,
): string {
  const { system = null, messages, temperature = null, maxOutputTokens, responseSchema = null, tools = null } = request
  return JSON.stringify([model, server, system, messages, temperature, maxOutputTokens, responseSchema, tools, repeat])
}
