import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { bounds, droppedResult, systemPrompt } from '../../src/domain/observer/prompt.ts'
import { toolDefinitions } from '../../src/domain/observer/tools.ts'
import type { ChatMessage } from '../../src/domain/ports.ts'
import { fitContext } from '../../src/workflows/observer/fit-context.ts'

const system = systemPrompt('0a1b2c3d')
const round = (index: number, characters: number): ChatMessage[] => [
  { role: 'assistant', content: '', toolCalls: [{ id: `call-${index}`, name: 'run_state', arguments: {} }] },
  {
    role: 'tool',
    toolCallId: `call-${index}`,
    content: `result ${index} ${'many words of it '.repeat(characters / 17)}`,
  },
]
const pair = (text: string): ChatMessage[] => [
  { role: 'user', content: text },
  { role: 'assistant', content: text },
]
const question: ChatMessage = { role: 'user', content: 'What now?' }
const sizeOf = (messages: readonly ChatMessage[]) =>
  countTokens(system + JSON.stringify(toolDefinitions) + JSON.stringify(messages))

describe('the context of an answer', () => {
  it('is left alone while it is small', () => {
    const messages = [...pair('earlier'), question, ...round(1, 300)]
    expect(fitContext(system, messages)).toEqual(messages)
  })

  it('lets old looks make room first, and keeps the newest', () => {
    const messages = [question, ...round(1, 6000), ...round(2, 6000), ...round(3, 3000)]
    const fitted = fitContext(system, messages)
    const results = fitted.filter(({ role }) => role === 'tool').map(({ content }) => content)
    expect(results[0]).toBe(droppedResult)
    expect(results[2]).toContain('result 3')
    expect(fitted).toHaveLength(messages.length)
  })

  it.each([2000, 20_000, 200_000])('stays within its bound with looks of %i characters', (characters) => {
    const messages = [
      ...pair('long ago '.repeat(40)),
      ...pair('not so long ago '.repeat(25)),
      { ...question, content: 'why? '.repeat(400) },
      ...[1, 2, 3, 4, 5].flatMap((index) => round(index, characters)),
    ]
    const fitted = fitContext(system, messages)
    expect(sizeOf(fitted)).toBeLessThan(bounds.contextTokens)
    expect(fitted[0]?.role).toBe('user')
    // Every call has its result, or providers refuse the request.
    const calls = fitted.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
    const answered = fitted.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))
    expect(answered).toEqual(calls.map(({ id }) => id))
  })
})
