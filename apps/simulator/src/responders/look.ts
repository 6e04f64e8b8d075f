import type { ChatCall, Reply } from '../call.ts'
import { isObject, minimalValue } from '../schemas.ts'
import type { ToolOffer } from '../tool-use.ts'
import { parseResult } from './script.ts'

const mostFigures = 8
const units: readonly (readonly [suffix: RegExp, write: (value: number) => string])[] = [
  [/Usd$/, (value) => `$${value}`],
  [/Ms$/, (value) => `${value} ms`],
  [/Percent$/, (value) => `${value}%`],
]

/**
 * A model that looks things up: it calls the tool whose description has most words in common with the
 * question, and then repeats the figures that it got.
 */
export function replyByLooking(call: ChatCall): Reply | null {
  const use = call.toolUse
  if (!use || call.schema) return null
  const tool = use.mayCall && use.rounds === 0 ? chooseTool(call.userTexts.at(-1) ?? '', use.offers) : null
  if (tool)
    return {
      kind: 'tool call',
      text: '',
      toolCalls: [{ name: tool.name, input: minimalValue(tool.schema, tool.schema) }],
    }
  const lines = use.results.flatMap((result) => figuresOf(parseResult(result))).slice(0, mostFigures)
  const text = lines.length === 0 ? 'I could not find any figures.' : `This is what I found:\n${lines.join('\n')}`
  return { kind: 'made-up answer', text }
}

/** Of those that can be called without arguments. */
function chooseTool(question: string, offers: readonly ToolOffer[]): ToolOffer | null {
  const asked = new Set(wordsOf(question.slice(question.lastIndexOf('\n') + 1)))
  const common = ({ name, description }: ToolOffer) =>
    wordsOf(`${name} ${description}`).filter((word) => asked.has(word)).length
  return (
    offers
      .filter(({ schema }) => !Array.isArray(schema['required']) || schema['required'].length === 0)
      .toSorted((a, b) => common(b) - common(a))[0] ?? null
  )
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map((word) => word.slice(0, 5))
}

function figuresOf(value: unknown): string[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, entry]) => {
    if (typeof entry !== 'number') return []
    const write = units.find(([suffix]) => suffix.test(key))?.[1] ?? String
    const name = key
      .replace(/(?:Usd|Ms|Percent)$/, '')
      .replaceAll(/([A-Z])/g, ' $1')
      .toLowerCase()
    return [`- ${name}: ${write(entry)}`]
  })
}
