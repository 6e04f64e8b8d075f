import OpenAI from 'openai'

/** What every peer is given: N prompts, the models' addresses, and whether each answer is judged. */
export const n = Number(process.env.BENCH_N)
export const concurrency = Number(process.env.BENCH_CONCURRENCY)
export const isJudged = process.env.BENCH_JUDGED === 'true'
export const baseURL = process.env.BENCH_BASE_URL
export const prompts = Array.from({ length: n }, (_, index) => `Question number ${index}?`)

const criteria = ['helpfulness', 'accuracy', 'clarity']
const text = { type: 'string' }
const texts = { type: 'array', items: text }
const verdict = {
  type: 'object',
  properties: {
    reasoning: text,
    quotes: texts,
    score: { type: 'integer' },
    confidence: { type: 'number' },
    suggestions: texts,
  },
  required: ['reasoning', 'quotes', 'score', 'confidence', 'suggestions'],
  additionalProperties: false,
}
const schema = {
  type: 'object',
  properties: Object.fromEntries(criteria.map((id) => [id, verdict])),
  required: criteria,
  additionalProperties: false,
}

const client = new OpenAI({ apiKey: 'bench', baseURL, maxRetries: 2 })

/** The answer to a prompt. */
export async function answer(prompt) {
  const completion = await client.chat.completions.create({
    model: 'sim-small',
    messages: [{ role: 'user', content: prompt }],
  })
  return completion.choices[0].message.content
}

/** The scores of an answer, one call for three criteria, as Proctor's judge asks for them. */
export async function judge(question, given) {
  const completion = await client.chat.completions.create({
    model: 'sim-large',
    messages: [
      { role: 'system', content: 'You are an impartial judge. Reply with the JSON object that the schema asks for.' },
      {
        role: 'user',
        content: `Score the answer on ${criteria.join(', ')}.\n\n<question-0badf00d>\n${question}\n</question-0badf00d>\n\n<answer-0badf00d>\n${given}\n</answer-0badf00d>`,
      },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'verdict', schema, strict: true } },
  })
  const scores = JSON.parse(completion.choices[0].message.content)
  return criteria.map((id) => ({ name: id, score: scores[id].score }))
}

/** Tells the benchmark that the work begins: what came before was loading. */
export function begin() {
  process.send?.({ type: 'begin' })
}

/** Tells the benchmark that the work is over, and how much of it was done. */
export function end(done) {
  process.send?.({ type: 'end', done })
}
