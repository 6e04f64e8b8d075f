import type { ChatCall, JsonSchema } from './call.ts'
import { isObject, resolveSchema } from './schemas.ts'

/** What a judge is asked: the texts between the fences, and the criteria of the schema. */
export interface JudgeRequest {
  question: string | null
  conversation: string | null
  answer: string
  criteria: { id: string; fields: readonly string[]; score: JsonSchema }[]
}

const fencePattern = /<(?:answer|question|conversation)-([0-9a-f]{8})>\n/

/** Recognises a judge's call by its fences and its schema; null for every other call. */
export function readJudgeRequest(call: ChatCall): JudgeRequest | null {
  if (!call.schema) return null
  for (const text of call.userTexts) {
    // The outermost fence comes first; texts inside it may imitate fences, but cannot know its nonce.
    const nonce = fencePattern.exec(text)?.[1]
    const answer = nonce === undefined ? null : fenced(text, 'answer', nonce)
    if (nonce === undefined || answer === null) continue
    const criteria = readCriteria(call.schema)
    return (
      criteria && {
        answer,
        question: fenced(text, 'question', nonce),
        conversation: fenced(text, 'conversation', nonce),
        criteria,
      }
    )
  }
  return null
}

function fenced(text: string, name: string, nonce: string): string | null {
  const opening = `<${name}-${nonce}>\n`
  const closing = `</${name}-${nonce}>`
  const start = text.indexOf(opening)
  if (start < 0) return null
  const end = text.indexOf(closing, start)
  if (end < 0) return null
  const from = start + opening.length
  // Exactly one line break belongs to the fence; an answer may end with more of them, or be empty.
  const hasLineBreak = end > from && text[end - 1] === '\n'
  return text.slice(from, hasLineBreak ? end - 1 : end)
}

function readCriteria(schema: JsonSchema): JudgeRequest['criteria'] | null {
  const properties = resolveSchema(schema, schema)['properties']
  if (!isObject(properties)) return null
  const criteria = Object.entries(properties).map(([id, node]) => {
    const fields = resolveSchema(node, schema)['properties']
    return isObject(fields) && 'score' in fields
      ? { id, fields: Object.keys(fields), score: resolveSchema(fields['score'], schema) }
      : null
  })
  const found = criteria.filter((criterion) => criterion !== null)
  return found.length > 0 && found.length === criteria.length ? found : null
}
