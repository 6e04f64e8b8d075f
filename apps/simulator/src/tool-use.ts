import { type JsonSchema } from './call.ts'
import { isObject } from './schemas.ts'

export interface ToolOffer {
  name: string
  description: string
  schema: JsonSchema
}

/** What a caller offers to a model that may call tools, and what came of the calls since the last question. */
export interface ToolUse {
  offers: ToolOffer[]
  /** False when the caller wants text now. */
  mayCall: boolean
  /** Rounds of calls since the last question. */
  rounds: number
  /** What the tools said in these rounds, in order. */
  results: string[]
}

/** Tool use in a Chat Completions request; null when no tools are offered. */
export function readOpenaiTools(body: JsonSchema): ToolUse | null {
  const offers = listOf(body['tools']).flatMap(({ function: described }) =>
    isObject(described) ? [toOffer(described, described['parameters'])] : [],
  )
  if (offers.length === 0) return null
  const use: ToolUse = { offers, mayCall: body['tool_choice'] !== 'none', rounds: 0, results: [] }
  for (const message of sinceQuestion(listOf(body['messages']), ({ role }) => role === 'user')) {
    if (message['role'] === 'assistant' && Array.isArray(message['tool_calls'])) use.rounds += 1
    if (message['role'] === 'tool') use.results.push(String(message['content']))
  }
  return use
}

/** Tool use in a Messages request; null when no tools are offered. */
export function readAnthropicTools(body: JsonSchema): ToolUse | null {
  const offers = listOf(body['tools']).map((tool) => toOffer(tool, tool['input_schema']))
  if (offers.length === 0) return null
  const choice = body['tool_choice']
  const use: ToolUse = {
    offers,
    mayCall: !(isObject(choice) && choice['type'] === 'none'),
    rounds: 0,
    results: [],
  }
  const isQuestion = ({ role, content }: JsonSchema) =>
    role === 'user' && !listOf(content).some(({ type }) => type === 'tool_result')
  for (const { role, content } of sinceQuestion(listOf(body['messages']), isQuestion)) {
    const blocks = listOf(content)
    if (role === 'assistant' && blocks.some(({ type }) => type === 'tool_use')) use.rounds += 1
    for (const block of blocks) if (block['type'] === 'tool_result') use.results.push(String(block['content']))
  }
  return use
}

function toOffer(described: JsonSchema, schema: unknown): ToolOffer {
  return {
    name: String(described['name']),
    description: typeof described['description'] === 'string' ? described['description'] : '',
    schema: isObject(schema) ? schema : { type: 'object' },
  }
}

function listOf(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function sinceQuestion(messages: JsonSchema[], isQuestion: (message: JsonSchema) => boolean): JsonSchema[] {
  return messages.slice(messages.findLastIndex(isQuestion) + 1)
}
