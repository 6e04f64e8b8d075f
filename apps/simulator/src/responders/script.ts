import { z } from 'zod'
import { type ChatCall, Fault, type Reply } from '../call.ts'
import { isObject } from '../schemas.ts'

const scriptedReplySchema = z.strictObject({
  /** May hold figures of the tools' results: `{{0.failed}}`, `{{last.groups.0.count}}`, or `{{/a pattern/}}`. */
  text: z.string().default(''),
  calls: z.array(z.strictObject({ name: z.string(), arguments: z.unknown() })).default([]),
  /** So many calls fail here before one goes through. */
  failures: z.number().int().min(0).default(0),
})

/** What models say and call, question by question: the first whose words are in the question is taken. */
export const scriptSchema = z.array(
  z.strictObject({
    /** Part of the last line of the question, in any case; an empty text fits all that offer tools. */
    when: z.string(),
    /** One for each round of tool calls; the last one is for all later rounds, too. */
    replies: z.array(scriptedReplySchema).min(1),
  }),
)
export type Script = z.output<typeof scriptSchema>

/** The reply that a script has; null when it has none. */
export function replyFromScript(call: ChatCall, script: Script, failed: Map<string, number>): Reply | Fault | null {
  if (call.schema) return null
  const use = call.toolUse
  const lastLine = (call.userTexts.at(-1) ?? '').trimEnd().split('\n').at(-1) ?? ''
  const question = lastLine.toLowerCase()
  const index = script.findIndex(({ when }) => (use || when !== '') && question.includes(when.toLowerCase()))
  const replies = script[index]?.replies
  if (!replies) return null
  const place = Math.min(use?.rounds ?? 0, replies.length - 1)
  const reply = replies[place]
  if (!reply) return null
  const key = `${index} ${place}`
  const failures = failed.get(key) ?? 0
  if (failures < reply.failures) {
    failed.set(key, failures + 1)
    return new Fault('server', 'The server had an error while processing your request. Sorry about that!')
  }
  const text = fillIn(reply.text, use?.results ?? [])
  return { kind: 'scripted', text, toolCalls: reply.calls.map(({ name, arguments: input }) => ({ name, input })) }
}

function fillIn(text: string, results: readonly string[]): string {
  return text.replaceAll(/\{\{(.+?)\}\}/g, (_found, path: string) => {
    const pattern = /^\/(.+)\/$/.exec(path)?.[1]
    if (pattern !== undefined) return new RegExp(pattern, 'i').exec(results.join('\n'))?.[1] ?? '(nothing)'
    const [place, ...keys] = path.split('.')
    const values = results.map(parseResult)
    const start = place === 'last' ? values.at(-1) : values[Number(place)]
    const value = keys.reduce<unknown>(
      (node, key) => (Array.isArray(node) ? node[Number(key)] : isObject(node) ? node[key] : undefined),
      start,
    )
    if (value === undefined) return '(nothing)'
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

/** A result as JSON, whatever stands around it. */
export function parseResult(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
  } catch {
    return null
  }
}
