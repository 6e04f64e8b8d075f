import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { collect, errorOf, setUp } from './helpers.ts'

const parameters = { type: 'object', properties: {}, additionalProperties: false }
const openaiTools: OpenAI.Chat.Completions.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'weather', description: 'Weather of the day.', parameters } },
  { type: 'function', function: { name: 'prices', description: 'What things cost.', parameters } },
]
const claudeTools: Anthropic.Tool[] = [
  { name: 'weather', description: 'Weather of the day.', input_schema: { type: 'object' } },
  { name: 'prices', description: 'What things cost.', input_schema: { type: 'object' } },
]
const script = [
  {
    when: 'both',
    replies: [
      {
        text: 'Let me see.',
        calls: [
          { name: 'weather', arguments: { day: 'today' } },
          { name: 'prices', arguments: {} },
        ],
      },
      { text: 'It is {{0.degrees}} degrees; {{last.items.0.name}} costs {{last.items.0.cost}}; {{/secret (\\w+)/}}.' },
    ],
  },
]
const results = ['<x>\n{"degrees":21}\n</x>', '{"items":[{"name":"bread","cost":3.5}],"note":"the secret word"}']
const answer = 'It is 21 degrees; bread costs 3.5; word.'

describe('a scripted model that calls tools', () => {
  it('on the OpenAI protocol: several calls at once, streamed and whole', async () => {
    await using setup = await setUp({ script })
    const messages: OpenAI.Chat.Completions.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Tell me both.' }]
    const whole = await setup.openai.chat.completions.create({ model: 'sim-large', messages, tools: openaiTools })
    const [choice] = whole.choices
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'Let me see.' } })
    const calls = choice?.message.tool_calls ?? []
    expect(
      calls.map((call) => (call.type === 'function' ? [call.function.name, call.function.arguments] : [])),
    ).toEqual([
      ['weather', '{"day":"today"}'],
      ['prices', '{}'],
    ])
    const chunks = await collect(
      await setup.openai.chat.completions.create({ model: 'sim-large', messages, tools: openaiTools, stream: true }),
    )
    const streamed = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
    const first = streamed.filter(({ index }) => index === 0)
    expect(first.map((part) => part.function?.arguments ?? '').join('')).toBe('{"day":"today"}')
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
    const next = await setup.openai.chat.completions.create({
      model: 'sim-large',
      tools: openaiTools,
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: calls },
        ...calls.map(({ id }, index) => ({ role: 'tool' as const, tool_call_id: id, content: results[index] ?? '' })),
      ],
    })
    expect(next.choices[0]?.message.content).toBe(answer)
  })

  it('on the Anthropic protocol: several calls at once, streamed and whole', async () => {
    await using setup = await setUp({ script })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Tell me both.' }]
    const ask = { model: 'sim-claude', max_tokens: 500, tools: claudeTools }
    const whole = await setup.anthropic.messages.create({ ...ask, messages })
    expect(whole.stop_reason).toBe('tool_use')
    expect(whole.content).toMatchObject([
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', name: 'weather', input: { day: 'today' } },
      { type: 'tool_use', name: 'prices', input: {} },
    ])
    const streamed = await setup.anthropic.messages.stream({ ...ask, messages }).finalMessage()
    expect(streamed.content).toMatchObject(whole.content.map(({ type }) => ({ type })))
    expect(streamed.content[1]).toMatchObject({ input: { day: 'today' } })
    const ids = whole.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    const next = await setup.anthropic.messages.create({
      ...ask,
      messages: [
        ...messages,
        { role: 'assistant', content: whole.content },
        {
          role: 'user',
          content: ids.map((id, index) => ({
            type: 'tool_result' as const,
            tool_use_id: id,
            content: results[index] ?? '',
          })),
        },
      ],
    })
    expect(next.content).toMatchObject([{ type: 'text', text: answer }])
  })

  it('fails as often as the script says, and then goes on', async () => {
    await using setup = await setUp({ script: [{ when: '', replies: [{ text: 'There.', failures: 2 }] }] })
    const ask = () =>
      setup.openai.chat.completions.create({
        model: 'sim-large',
        tools: openaiTools,
        messages: [{ role: 'user', content: 'Hm?' }],
      })
    expect(await errorOf(ask())).toMatchObject({ status: 500 })
    expect(await errorOf(ask())).toMatchObject({ status: 500 })
    expect((await ask()).choices[0]?.message.content).toBe('There.')
  })

  it('without a script looks up what it is asked, and repeats the figures', async () => {
    await using setup = await setUp()
    const question = { role: 'user' as const, content: 'What do things cost?' }
    const first = await setup.openai.chat.completions.create({
      model: 'sim-large',
      tools: openaiTools,
      messages: [question],
    })
    const [call] = first.choices[0]?.message.tool_calls ?? []
    expect(call).toMatchObject({ function: { name: 'prices' } })
    const second = await setup.openai.chat.completions.create({
      model: 'sim-large',
      tools: openaiTools,
      messages: [
        question,
        { role: 'assistant', content: null, tool_calls: first.choices[0]?.message.tool_calls ?? [] },
        { role: 'tool', tool_call_id: call?.id ?? '', content: '{"breadUsd":3.5,"openMs":40,"soldPercent":7}' },
      ],
    })
    expect(second.choices[0]?.message.content).toBe('This is what I found:\n- bread: $3.5\n- open: 40 ms\n- sold: 7%')
  })

  it('leaves calls alone that offer no tools, unless the script names their words', async () => {
    await using setup = await setUp({ script: [{ when: '', replies: [{ text: 'x' }] }] })
    const plain = await setup.openai.chat.completions.create({
      model: 'sim-large',
      messages: [{ role: 'user', content: 'Why?' }],
    })
    expect(plain.choices[0]?.message.content).not.toBe('x')
  })
})
