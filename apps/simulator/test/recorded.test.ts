import { describe, expect, it } from 'vitest'
import { askClaude, ask, dataFolder, judge, judgePrompt, rowsOf, setUp } from './helpers.ts'

const vicuna = dataFolder('vicuna80')
const mtbench = dataFolder('mtbench_single')

describe.skipIf(vicuna === null)('vicuna80', () => {
  const prompts = new Map(rowsOf(vicuna, 'prompts.jsonl').map((row) => [row['prompt_id'], String(row['prompt'])]))
  const answers = rowsOf(vicuna, 'answers.jsonl')
  const judgments = rowsOf(vicuna, 'judgments.jsonl')
  const questionOf = (row: (typeof answers)[number]): string => prompts.get(row['prompt_id']) ?? ''
  const replay = vicuna === null ? [] : [vicuna]

  it('replays every answer byte for byte on the OpenAI protocol', async () => {
    await using setup = await setUp({ replay })
    for (const row of answers) {
      const completion = await ask(setup.openai, questionOf(row), String(row['model']))
      expect(completion.choices[0]?.message.content).toBe(row['response'])
    }
    expect(setup.simulator.stats().byModel['bard']?.kinds).toEqual({ 'recorded answer': 80 })
  })

  it('replays on the Anthropic protocol and in streams', async () => {
    await using setup = await setUp({ replay })
    for (const row of answers.filter((_, index) => index % 13 === 0)) {
      const message = await askClaude(setup.anthropic, questionOf(row), String(row['model']))
      expect(message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(row['response'])
      const stream = setup.openai.chat.completions.stream({
        model: String(row['model']),
        messages: [{ role: 'user', content: questionOf(row) }],
      })
      expect((await stream.finalChatCompletion()).choices[0]?.message.content ?? '').toBe(row['response'])
    }
  })

  it('keeps an empty answer empty, and its score of 0', async () => {
    await using setup = await setUp({ replay })
    const question = prompts.get('vicuna80-74') ?? ''
    expect((await ask(setup.openai, question, 'llama-13b')).choices[0]?.message.content).toBe('')
    expect((await askClaude(setup.anthropic, question, 'llama-13b')).content).toEqual([])
    const streamed = await setup.anthropic.messages
      .stream({ model: 'llama-13b', max_tokens: 9, messages: [{ role: 'user', content: question }] })
      .finalMessage()
    expect(streamed).toMatchObject({ content: [], stop_reason: 'end_turn' })
    const verdict = await judge(setup.openai, 'gpt-4', judgePrompt(question, ''), ['relevance', 'depth'])
    expect(verdict['relevance']).toMatchObject({ score: 0, quotes: [], confidence: 0.8, suggestions: [] })
    expect(verdict['depth']?.score).toBe(0)
  })

  it("gives the judge's recorded score, its review, and a sentence of the answer", async () => {
    await using setup = await setUp({ replay })
    const reviews = new Map(rowsOf(vicuna, 'pair_reviews.jsonl').map((row) => [row['review_id'], row['review']]))
    for (const row of answers) {
      const recorded = judgments.find(
        (judgment) => judgment['prompt_id'] === row['prompt_id'] && judgment['model'] === row['model'],
      )
      const verdict = await judge(setup.openai, 'gpt-4', judgePrompt(questionOf(row), String(row['response'])))
      expect(verdict['relevance']?.score).toBe(recorded?.['score'])
      expect(verdict['relevance']?.reasoning).toBe(reviews.get(recorded?.['review_id']))
      for (const quote of verdict['relevance']?.quotes ?? []) expect(row['response']).toContain(quote)
    }
  })

  it('offers the judge against each opponent', async () => {
    await using setup = await setUp({ replay })
    for (const opponent of ['bard', 'llama-13b', 'alpaca-13b', 'gpt-3.5-turbo']) {
      const row = answers.find((answer) => answer['model'] === 'vicuna-13b') as (typeof answers)[number]
      const own = judgments.filter(
        (judgment) => judgment['prompt_id'] === row['prompt_id'] && judgment['model'] === 'vicuna-13b',
      )
      const recorded = own.find((judgment) => judgment['opponent'] === opponent) ?? own[0]
      const verdict = await judge(
        setup.openai,
        `gpt-4@${opponent}`,
        judgePrompt(questionOf(row), String(row['response'])),
      )
      expect(verdict['relevance']?.score).toBe(recorded?.['score'])
    }
  })
})

describe.skipIf(mtbench === null)('mtbench_single', () => {
  it('replays the second turn and its halves of a point', async () => {
    await using setup = await setUp({ replay: mtbench === null ? [] : [mtbench] })
    const prompts = new Map(rowsOf(mtbench, 'prompts.jsonl').map((row) => [row['prompt_id'], row['turns'] as string[]]))
    const answers = rowsOf(mtbench, 'answers.jsonl')
    const half = rowsOf(mtbench, 'judgments.jsonl').filter((row) => Number(row['score']) % 1 !== 0)
    const sample = [
      ...half,
      ...rowsOf(mtbench, 'judgments.jsonl')
        .filter((row) => row['turn'] === 2)
        .slice(0, 20),
    ]
    expect(half.length).toBeGreaterThan(0)
    for (const row of sample) {
      const turns = prompts.get(row['prompt_id']) ?? []
      const answerTo = (turn: number): string =>
        String(
          answers.find(
            (answer) =>
              answer['prompt_id'] === row['prompt_id'] && answer['model'] === row['model'] && answer['turn'] === turn,
          )?.['response'],
        )
      const turn = Number(row['turn'])
      const history =
        turn === 1
          ? []
          : [
              { role: 'user' as const, content: turns[0] ?? '' },
              { role: 'assistant' as const, content: answerTo(1) },
            ]
      const question = turns[turn - 1] ?? ''
      const completion = await setup.openai.chat.completions.create({
        model: String(row['model']),
        messages: [...history, { role: 'user', content: question }],
      })
      expect(completion.choices[0]?.message.content).toBe(answerTo(turn))
      const conversation = turn === 1 ? '' : `User: ${turns[0]}\n\nAssistant: ${answerTo(1)}`
      const verdict = await judge(setup.openai, 'gpt-4', judgePrompt(question, answerTo(turn), conversation))
      const duplicate = answers.filter(
        (answer) =>
          answer['prompt_id'] === row['prompt_id'] && answer['turn'] === turn && answer['response'] === answerTo(turn),
      )
      if (duplicate.length === 1)
        expect(verdict['relevance']).toMatchObject({ score: row['score'], reasoning: row['review'] })
    }
  })
})
