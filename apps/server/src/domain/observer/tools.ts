import { criterionIdSchema, failureKindSchema, itemStateSchema, validatorTypeSchema } from '@proctor/schema'
import { z } from 'zod'
import type { ToolDefinition } from '../ports.ts'

/** More rows than this are no example any more, and would fill the context. */
export const maxRows = 8

const limit = z.number().int().min(1).max(maxRows).default(5)
const criterion = criterionIdSchema.describe('id of a criterion')

/** Every tool of the observer, typed once: all of them only read, except that `propose` shows a button. */
export const toolInputs = {
  run_state: z.object({}),
  list_items: z.object({
    state: z.array(itemStateSchema).optional(),
    failureKind: failureKindSchema.optional(),
    failedCheck: z.union([z.literal('any'), validatorTypeSchema]).optional(),
    tag: z.string().min(1).max(64).optional(),
    group: z.string().min(1).max(128).optional(),
    sort: z.enum(['position', 'lowest', 'highest', 'slowest', 'dearest', 'longest']).default('position'),
    criterion: criterion.optional().describe('needed for lowest and highest'),
    limit,
  }),
  changed_items: z.object({
    criterion,
    direction: z.enum(['worse', 'better']).default('worse'),
    session: z.string().min(1).max(128).optional().describe('default: the baseline'),
    limit,
  }),
  get_item: z.object({ number: z.number().int().positive() }),
  error_groups: z.object({}),
  score_distribution: z.object({ criterion }),
  check_breakdown: z.object({ by: z.enum(['type', 'tag', 'group']).default('type') }),
  compare: z.object({ session: z.string().min(1).max(128).optional().describe('default: the baseline') }),
  search_texts: z.object({
    text: z.string().min(1).max(100),
    in: z.enum(['prompts', 'answers', 'both']).default('both'),
    limit,
  }),
  propose: z.object({
    action: z.enum(['pause', 'resume', 'retry', 'judge']),
    failureKind: failureKindSchema.optional().describe('retry only these'),
    items: z.array(z.number().int().positive()).max(20).optional().describe('judge these again'),
  }),
} as const

export type ToolName = keyof typeof toolInputs
export type ToolInput<Name extends ToolName> = z.output<(typeof toolInputs)[Name]>

const descriptions: Record<ToolName, string> = {
  run_state: 'The run as it stands now: status, counts, scores, cost, failures, pace.',
  list_items: 'Items by filter and order, with how many fit.',
  changed_items: 'Items whose score moved by a point or more against another run.',
  get_item: 'One item whole: prompt, answer, verdicts, checks, failure.',
  error_groups: 'Failures grouped by message, with example items.',
  score_distribution: 'How the scores of a criterion spread.',
  check_breakdown: 'Passed checks by type, tag or group.',
  compare: 'Scores per criterion against another session, with intervals.',
  search_texts: 'Items with these words in prompt or answer.',
  propose: 'Shows the user a button for an action. Nothing happens unless it is pressed.',
}

export const toolNames = Object.keys(toolInputs) as ToolName[]

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolInputs, name)
}

/** As both providers take them. */
export const toolDefinitions: readonly ToolDefinition[] = toolNames.map((name) => {
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(toolInputs[name], { io: 'input' })
  return { name, description: descriptions[name], inputSchema: withoutNoise(inputSchema) }
})

/** Bounds and patterns are checked here anyway; leaving them out keeps the request small. */
function withoutNoise(value: Record<string, unknown>): Record<string, unknown> {
  const noise = new Set(['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'exclusiveMinimum', 'maximum'])
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !noise.has(key) && !(key === 'minimum'))
      .map(([key, entry]) => [
        key,
        typeof entry === 'object' && entry !== null && !Array.isArray(entry)
          ? withoutNoise(entry as Record<string, unknown>)
          : entry,
      ]),
  )
}

/**
 * The arguments of a call, checked.
 * @returns the arguments with their defaults, or what is wrong with them, for the model
 */
export function readToolInput<Name extends ToolName>(
  name: Name,
  given: unknown,
): { ok: true; input: ToolInput<Name> } | { ok: false; problem: string } {
  const parsed = toolInputs[name].safeParse(given)
  if (parsed.success) return { ok: true, input: parsed.data as ToolInput<Name> }
  const problem = parsed.error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
  return { ok: false, problem: `Wrong arguments: ${problem}` }
}
