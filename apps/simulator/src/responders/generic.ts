import type { ChatCall, Reply } from '../call.ts'
import { createRandom, hash } from '../random.ts'
import { minimalValue } from '../schemas.ts'
import { estimateTokens, truncateToTokens } from '../tokens.ts'

const openings = [
  'You ask: “{question}” Here is a short answer.',
  'The question was “{question}”, and it can be answered in a few steps.',
  'To begin with what you want to know, “{question}”: it depends on the details, but the outline is clear.',
  'Let me take “{question}” one part at a time.',
]
const sentences = [
  'The main point is to separate what is known from what is assumed.',
  'In most cases a simple approach works best, and it is easy to check.',
  'A good first step is to write down the goal in one sentence.',
  'It helps to compare at least two options before choosing one.',
  'Small examples show quickly whether the idea holds.',
  'Where numbers are involved, the units and the source matter as much as the value.',
  'There are exceptions, but they are rare and usually easy to recognise.',
  'If time is short, begin with the part that would be hardest to change later.',
  'Others have met the same problem, so looking at earlier solutions saves effort.',
  'The result should be reviewed by somebody who was not involved.',
  'What matters in the end is that the reader can act on it.',
  'None of this needs special tools; care and patience are enough.',
]
const closings = [
  'In short: keep it simple, check it, and improve it from there.',
  'That should be enough to get started.',
  'If you tell me more about your situation, I can be more specific.',
]

/** A made-up answer: the same for the same seed, model and conversation; JSON when a schema asks for it. */
export function replyGenerically(call: ChatCall, seed: number): Reply {
  if (call.schema) return { kind: 'schema', text: JSON.stringify(minimalValue(call.schema, call.schema)) }
  const question = (call.userTexts[call.userTexts.length - 1] ?? '').trim()
  const random = createRandom(hash(seed, call.model, call.userTexts.length, question))
  const text = writeAnswer(question, random)
  if (call.maxTokens === null || estimateTokens(text) <= call.maxTokens) return { kind: 'made-up answer', text }
  return { kind: 'made-up answer', text: truncateToTokens(text, call.maxTokens), truncated: true }
}

function writeAnswer(question: string, random: () => number): string {
  const shortQuestion = question.length > 160 ? `${question.slice(0, 157)}...` : question
  const paragraphs = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    Array.from({ length: 2 + Math.floor(random() * 4) }, () => sentences[Math.floor(random() * sentences.length)]).join(
      ' ',
    ),
  )
  const opening = openings[Math.floor(random() * openings.length)] as string
  const closing = closings[Math.floor(random() * closings.length)] as string
  // A function, since "$&" in a question would otherwise be taken as a pattern.
  return `${opening.replace('{question}', () => shortQuestion)} ${paragraphs.join('\n\n')} ${closing}`
}
