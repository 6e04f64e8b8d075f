import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { bounds, droppedResult } from '../../domain/observer/prompt.ts'
import { toolDefinitions } from '../../domain/observer/tools.ts'
import type { ChatMessage } from '../../domain/ports.ts'

/** Other vendors' tokenizers give a few more tokens than the one that counts here, and messages have marks around them. */
const margin = 0.85
const tokensPerMessage = 6
const leastCharacters = 400

/**
 * The messages, small enough with system prompt and tools for the context that an answer may have: first the
 * oldest looks make room, then what was said earlier, then long texts are cut.
 */
export function fitContext(system: string, given: readonly ChatMessage[]): ChatMessage[] {
  const limit = bounds.contextTokens * margin - count(system) - count(JSON.stringify(toolDefinitions))
  const messages = [...given]
  const size = () => messages.reduce((sum, message) => sum + sizeOf(message), 0)
  const question = messages.findLastIndex(({ role }) => role === 'user')
  const lastCall = messages.findLastIndex(({ role }) => role === 'assistant')
  for (let index = question + 1; index < lastCall && size() > limit; index++) {
    const message = messages[index]
    if (message?.role === 'tool') messages[index] = { ...message, content: droppedResult }
  }
  // Earlier exchanges go in pairs, so that the conversation still begins with a question.
  for (let pairs = question / 2; pairs > 0 && size() > limit; pairs--) messages.splice(0, 2)
  for (let cutTo = 4000; cutTo >= leastCharacters && size() > limit; cutTo /= 1.5)
    messages.forEach((message, index) => {
      if (message.role === 'tool' && message.content.length > cutTo)
        messages[index] = { ...message, content: cutInsideFence(message.content, cutTo) }
    })
  return messages
}

/** The end of the fence stays, or what follows would seem to stand inside of it. */
function cutInsideFence(content: string, characters: number): string {
  const end = /\n<\/data-[0-9a-f]{8}>$/.exec(content)?.[0] ?? ''
  return `${content.slice(0, characters)} (cut)${end}`
}

function sizeOf(message: ChatMessage): number {
  const calls = message.role === 'assistant' && message.toolCalls ? JSON.stringify(message.toolCalls) : ''
  return count(message.content) + (calls === '' ? 0 : count(calls)) + tokensPerMessage
}

function count(text: string): number {
  return countTokens(text, { allowedSpecial: 'all' })
}
