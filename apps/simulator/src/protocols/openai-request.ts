import { type ChatCall, type ChatMessage, Fault, type JsonSchema } from '../call.ts'
import { isObject, strictSchemaProblem } from '../schemas.ts'
import { estimateTokens } from '../tokens.ts'
import { readOpenaiTools } from '../tool-use.ts'
import { contentText } from './adapter.ts'

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

/** Reads and checks a Chat Completions request; throws a Fault. */
export function readOpenaiCall(body: unknown): ChatCall {
  if (!isObject(body)) throw new Fault('invalid', 'We could not parse the JSON body of your request.')
  const { model, messages, stream } = body
  if (typeof model !== 'string' || model === '') throw new Fault('invalid', 'you must provide a model parameter')
  if (!Array.isArray(messages)) throw new Fault('invalid', "Missing required parameter: 'messages'.", 'messages')
  if (messages.length === 0) {
    throw new Fault('invalid', "Invalid 'messages': empty array. Expected an array with minimum length 1.", 'messages')
  }
  checkRange(body, 'temperature', 0, 2)
  checkRange(body, 'top_p', 0, 1)
  const chat = (messages as unknown[]).map(readMessage)
  const userTexts = chat.filter(({ role }) => role === 'user').map(({ text }) => text)
  const tool = readForcedTool(body)
  const toolUse = tool ? null : readOpenaiTools(body)
  return {
    protocol: 'openai',
    model,
    messages: chat,
    userTexts,
    promptTokens:
      chat.reduce((sum, { text }) => sum + estimateTokens(text), 0) +
      (toolUse ? estimateTokens(JSON.stringify(body['tools'])) : 0),
    schema: tool ? tool.schema : readSchema(body['response_format']),
    forcedTool: tool?.name ?? null,
    toolUse,
    stream: stream === true,
    includeUsage: isObject(body['stream_options']) && body['stream_options']['include_usage'] === true,
    maxTokens: firstNumber(body['max_completion_tokens'], body['max_tokens']),
    cacheable: true,
  }
}

function readMessage(message: unknown, index: number): ChatMessage {
  const role = isObject(message) ? message['role'] : undefined
  if (typeof role !== 'string' || !roles.has(role)) {
    throw new Fault(
      'invalid',
      `Invalid value: '${String(role)}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
      `messages[${index}].role`,
    )
  }
  const content = (message as JsonSchema)['content']
  if (content === undefined && role === 'user') {
    throw new Fault(
      'invalid',
      `Missing required parameter: 'messages[${index}].content'.`,
      `messages[${index}].content`,
    )
  }
  return { role, text: contentText(content) }
}

function checkRange(body: JsonSchema, name: string, low: number, high: number): void {
  const value = body[name]
  if (typeof value !== 'number' || (value >= low && value <= high)) return
  const problem =
    value < low ? `below minimum value. Expected a value >= ${low}` : `above maximum value. Expected a value <= ${high}`
  throw new Fault('invalid', `Invalid '${name}': decimal ${problem}, but got ${value} instead.`, name)
}

function readSchema(format: unknown): JsonSchema | null {
  if (!isObject(format)) return null
  if (format['type'] === 'json_object') return { type: 'object' }
  if (format['type'] !== 'json_schema') return null
  const described = format['json_schema']
  if (!isObject(described) || typeof described['name'] !== 'string') {
    throw new Fault(
      'invalid',
      "Missing required parameter: 'response_format.json_schema.name'.",
      'response_format.json_schema.name',
    )
  }
  if (!isObject(described['schema'])) {
    throw new Fault(
      'invalid',
      "Missing required parameter: 'response_format.json_schema.schema'.",
      'response_format.json_schema.schema',
    )
  }
  const problem = described['strict'] === true ? strictSchemaProblem(described['schema'], 'openai') : null
  if (problem)
    throw new Fault(
      'invalid',
      `Invalid schema for response_format '${described['name']}': ${problem}`,
      'response_format',
    )
  return described['schema']
}

function readForcedTool(body: JsonSchema): { name: string; schema: JsonSchema } | null {
  const choice = body['tool_choice']
  if (choice === undefined || choice === 'auto' || choice === 'none') return null
  const tools = Array.isArray(body['tools'])
    ? (body['tools'] as JsonSchema[]).map((tool) => tool['function']).filter(isObject)
    : []
  const wanted = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : tools[0]?.['name']
  const tool = tools.find(({ name }) => name === wanted)
  if (!tool)
    throw new Fault('invalid', "Invalid value for 'tool_choice': it names no function of 'tools'.", 'tool_choice')
  return { name: String(tool['name']), schema: isObject(tool['parameters']) ? tool['parameters'] : { type: 'object' } }
}

function firstNumber(...values: unknown[]): number | null {
  return values.find((value) => typeof value === 'number') ?? null
}
