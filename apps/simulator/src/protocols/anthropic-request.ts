import { type ChatCall, type ChatMessage, Fault, type JsonSchema } from '../call.ts'
import { isObject, strictSchemaProblem } from '../schemas.ts'
import { estimateTokens } from '../tokens.ts'
import { readAnthropicTools } from '../tool-use.ts'
import { contentText } from './adapter.ts'

/** Reads and checks a Messages request; throws a Fault. */
export function readAnthropicCall(body: unknown): ChatCall {
  if (!isObject(body)) throw new Fault('invalid', 'The request body is not valid JSON.')
  const { model, messages } = body
  if (typeof model !== 'string') throw new Fault('invalid', 'model: Field required')
  if (typeof body['max_tokens'] !== 'number') throw new Fault('invalid', 'max_tokens: Field required')
  if (body['max_tokens'] < 1) throw new Fault('invalid', 'max_tokens: must be greater than or equal to 1')
  if (!Array.isArray(messages)) throw new Fault('invalid', 'messages: Field required')
  if (messages.length === 0) throw new Fault('invalid', 'messages: at least one message is required')
  if (typeof body['temperature'] === 'number' && (body['temperature'] < 0 || body['temperature'] > 1)) {
    throw new Fault('invalid', 'temperature: range: 0..1')
  }
  const chat = (messages as unknown[]).map((message, index) =>
    readMessage(message, index, index === messages.length - 1),
  )
  const system = contentText(body['system'])
  const withSystem = system === '' ? chat : [{ role: 'system', text: system }, ...chat]
  const tool = readForcedTool(body)
  const toolUse = tool ? null : readAnthropicTools(body)
  return {
    protocol: 'anthropic',
    model,
    messages: withSystem,
    // A user message without text only carries tool results.
    userTexts: chat.filter(({ role, text }) => role === 'user' && text !== '').map(({ text }) => text),
    promptTokens:
      withSystem.reduce((sum, { text }) => sum + estimateTokens(text), 0) +
      (toolUse ? estimateTokens(JSON.stringify(body['tools']) + toolUse.results.join('')) : 0),
    schema: tool ? tool.schema : readSchema(body['output_config']),
    forcedTool: tool?.name ?? null,
    toolUse,
    stream: body['stream'] === true,
    includeUsage: true,
    maxTokens: body['max_tokens'],
    cacheable:
      'cache_control' in body ||
      [body['system'], ...messages.map((message: JsonSchema) => message['content'])].some(isMarked),
  }
}

function readMessage(message: unknown, index: number, isLast: boolean): ChatMessage {
  if (!isObject(message)) throw new Fault('invalid', `messages.${index}: Input should be an object`)
  const { role, content } = message
  if (role !== 'user' && role !== 'assistant') {
    throw new Fault('invalid', `messages: Unexpected role "${String(role)}". Allowed roles are "user" or "assistant".`)
  }
  if (typeof content !== 'string' && !Array.isArray(content))
    throw new Fault('invalid', `messages.${index}.content: Input should be a valid list`)
  if (content.length === 0 && !(isLast && role === 'assistant')) {
    throw new Fault(
      'invalid',
      `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    )
  }
  return { role, text: contentText(content) }
}

function isMarked(content: unknown): boolean {
  return Array.isArray(content) && content.some((part) => isObject(part) && isObject(part['cache_control']))
}

function readSchema(config: unknown): JsonSchema | null {
  const format = isObject(config) ? config['format'] : undefined
  if (!isObject(format)) return null
  if (format['type'] !== 'json_schema')
    throw new Fault('invalid', "output_config.format.type: Input should be 'json_schema'")
  if (!isObject(format['schema'])) throw new Fault('invalid', 'output_config.format.schema: Field required')
  const problem = strictSchemaProblem(format['schema'], 'anthropic')
  if (problem) throw new Fault('invalid', `output_config.format.schema: ${problem}`)
  return format['schema']
}

function readForcedTool(body: JsonSchema): { name: string; schema: JsonSchema } | null {
  const choice = body['tool_choice']
  if (!isObject(choice) || choice['type'] === 'auto' || choice['type'] === 'none') return null
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : []
  const tool = choice['type'] === 'tool' ? tools.find(({ name }) => name === choice['name']) : tools[0]
  if (!tool) throw new Fault('invalid', `tool_choice: Tool '${String(choice['name'])}' not found in provided tools`)
  return {
    name: String(tool['name']),
    schema: isObject(tool['input_schema']) ? tool['input_schema'] : { type: 'object' },
  }
}
