import type { ComparedCriterion } from './compare-runs.ts'
import type {
  presentChanges,
  presentChecks,
  presentErrors,
  presentHits,
  presentItem,
  presentItems,
  presentSpread,
  presentState,
} from './present.ts'
import type { ToolInput, ToolName } from './tools.ts'

/** What each tool says. */
export interface ToolOutputs {
  run_state: ReturnType<typeof presentState>
  list_items: ReturnType<typeof presentItems>
  changed_items: ReturnType<typeof presentChanges>
  get_item: ReturnType<typeof presentItem>
  error_groups: ReturnType<typeof presentErrors>
  score_distribution: ReturnType<typeof presentSpread>
  check_breakdown: ReturnType<typeof presentChecks>
  compare: { against: string; method: string; criteria: ComparedCriterion[] }
  search_texts: ReturnType<typeof presentHits>
  propose: { shown: string; count: number | undefined }
}

/** Runs a tool for the built-in analyst; @throws UserError where the tool cannot say it. */
export type Look = <Name extends ToolName>(name: Name, input: Partial<ToolInput<Name>>) => Promise<ToolOutputs[Name]>

const nouns: Record<ToolName, (input: Record<string, unknown>, output: Record<string, unknown>) => string> = {
  run_state: () => 'looked at the run as it stands',
  list_items: ({ state, failureKind, sort }, { items, total }) =>
    `looked at ${lengthOf(items)} of ${String(total)} ${describeItems(state, failureKind)}${order(sort)}`,
  changed_items: ({ direction }, { items, total, against }) =>
    `looked at ${lengthOf(items)} of ${String(total)} items that got ${String(direction)} than in ${String(against)}`,
  get_item: ({ number }) => `read item #${String(number)}`,
  error_groups: (_input, { groups }) => `grouped the failures: ${lengthOf(groups)} kinds of message`,
  score_distribution: ({ criterion }) => `looked at how ${String(criterion)} spreads`,
  check_breakdown: ({ by }) => `looked at the checks by ${String(by)}`,
  compare: (_input, { against }) => `compared the scores with ${String(against)}`,
  search_texts: ({ text }, { total }) => `searched for ${JSON.stringify(text)}: ${String(total)} places`,
  propose: (_input, { shown }) => `proposes: ${String(shown)}`,
}

/** A step in words, for people. */
export function describeStep(name: ToolName, input: object, output: object): string {
  return nouns[name](input as Record<string, unknown>, output as Record<string, unknown>)
}

function lengthOf(value: unknown): string {
  return String(Array.isArray(value) ? value.length : 0)
}

function describeItems(state: unknown, failureKind: unknown): string {
  const states = Array.isArray(state) ? `${state.join(' or ').replaceAll('_', ' ')} ` : ''
  return `${typeof failureKind === 'string' ? `${failureKind} ` : ''}${states}items`
}

function order(sort: unknown): string {
  return typeof sort === 'string' && sort !== 'position' ? `, ${sort} first` : ''
}
