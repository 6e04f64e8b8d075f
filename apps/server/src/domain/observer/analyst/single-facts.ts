import type { FailureKind } from '@proctor/schema'
import type { Look } from '../outputs.ts'
import { cite, count, duration, money, points, quantity, quote, share } from '../wording.ts'
import { costLine } from './overview.ts'

/** Answers to questions about one thing. */

export async function meanOf(look: Look, criterion: string): Promise<string> {
  const spread = await look('score_distribution', { criterion })
  if (spread.n === 0) return `There are no scores for ${criterion}.`
  return `**${criterion}**: mean ${points(spread.meanScore)}, sd ${points(spread.sdScore)}, over ${quantity(spread.n, 'judged item')}; lowest ${points(spread.minScore)}, median ${points(spread.medianScore)}, highest ${points(spread.maxScore)}.`
}

export async function spreadOf(look: Look, criterion: string): Promise<string> {
  const spread = await look('score_distribution', { criterion })
  if (spread.n === 0) return `There are no scores for ${criterion}.`
  return [
    `Scores of **${criterion}** over ${quantity(spread.n, 'item')} (mean ${points(spread.meanScore)}):`,
    '',
    '| score | items |',
    '|--:|--:|',
    ...spread.points.map(({ score, items }) => `| ${points(score)} | ${count(items)} |`),
  ].join('\n')
}

export async function extremesOf(look: Look, criterion: string, sort: 'lowest' | 'highest'): Promise<string> {
  const { items } = await look('list_items', { sort, criterion, limit: 5 })
  const scored = items.flatMap(({ item, caseId, scores }) => {
    const score = scores?.find((entry) => entry.criterion === criterion)?.score
    return score === undefined ? [] : [{ item, caseId, score }]
  })
  if (scored.length === 0) return `There are no scores for ${criterion}.`
  return [
    `The ${sort} on **${criterion}**:`,
    ...scored.map(({ item, caseId, score }) => `- ${points(score)} [#${item}] ${quote(caseId)}`),
  ].join('\n')
}

export async function slowest(look: Look): Promise<string> {
  const { items } = await look('list_items', { sort: 'slowest', limit: 5 })
  const timed = items.filter(({ latencyMs }) => latencyMs !== undefined)
  if (timed.length === 0) return 'No item has an answer yet.'
  return [
    'The slowest answers:',
    ...timed.map(({ item, caseId, latencyMs }) => `- ${duration(latencyMs ?? null)} [#${item}] ${quote(caseId)}`),
  ].join('\n')
}

export async function dearest(look: Look): Promise<string> {
  const { items } = await look('list_items', { sort: 'dearest', limit: 5 })
  const priced = items.filter(({ costUsd }) => costUsd !== undefined)
  if (priced.length === 0) return 'No item has a known cost.'
  return [
    'The dearest answers:',
    ...priced.map(({ item, caseId, costUsd }) => `- ${money(costUsd ?? 0)} [#${item}] ${quote(caseId)}`),
  ].join('\n')
}

export async function howManyFailed(look: Look, kind: FailureKind | null): Promise<string> {
  const { failed, failedPercent, done } = await look('run_state', {})
  if (kind === null)
    return `${quantity(failed, 'item')} failed, ${share(failedPercent)} of the ${count(done)} that are done.`
  const { total, items } = await look('list_items', { state: ['failed'], failureKind: kind, limit: 3 })
  return `${quantity(total, 'item')} failed with **${kind}**${items.length > 0 ? `, for example ${cite(items)}` : ''}.`
}

export async function howMany(look: Look, what: 'answered' | 'judged' | 'pending' | 'done'): Promise<string> {
  const state = await look('run_state', {})
  return `${count(state[what])} of ${quantity(state.total, 'item')} are ${what}.`
}

export async function latency(look: Look): Promise<string> {
  const { latencyP50Ms, latencyP95Ms } = await look('run_state', {})
  if (latencyP50Ms === null) return 'No latency is known yet.'
  return `Half of the answers took ${duration(latencyP50Ms)} or less (p50), nearly all ${duration(latencyP95Ms)} or less (p95).`
}

export async function spending(look: Look): Promise<string> {
  return `${costLine(await look('run_state', {}))}.`
}

export async function tokens(look: Look): Promise<string> {
  const { inputTokens, outputTokens } = await look('run_state', {})
  return `${count(inputTokens)} tokens in, ${count(outputTokens)} tokens out.`
}

export async function timeLeft(look: Look): Promise<string> {
  const { etaMs, status, done, total } = await look('run_state', {})
  if (etaMs === undefined)
    return `The run is ${status} with ${count(done)} of ${quantity(total, 'item')} done; there is no pace to reckon with.`
  return `At the pace of the last moments the rest takes ${duration(etaMs)}; ${count(done)} of ${quantity(total, 'item')} are done.`
}

export async function checksBy(look: Look, by: 'type' | 'tag' | 'group'): Promise<string> {
  const { groups, leftOut } = await look('check_breakdown', { by })
  if (groups.length === 0)
    return by === 'type' ? 'The cases of this suite have no checks.' : `No checked case has a ${by}.`
  return [
    `Checks by ${by}, the worst first:`,
    '',
    `| ${by} | passed | of | share |`,
    '|---|--:|--:|--:|',
    ...groups.map(
      ({ name, passed, total, passedPercent }) =>
        `| ${name} | ${count(passed)} | ${count(total)} | ${share(passedPercent)} |`,
    ),
    ...(leftOut === undefined ? [] : ['', `${count(leftOut)} more are left out.`]),
  ].join('\n')
}

export async function failedChecks(look: Look): Promise<string> {
  const { total, items } = await look('list_items', { failedCheck: 'any', limit: 5 })
  return total === 0
    ? 'No answer failed a check.'
    : `${quantity(total, 'answer')} failed a check, for example ${cite(items)}.`
}

export async function changes(
  look: Look,
  criterion: string,
  direction: 'worse' | 'better',
  session: string | undefined,
): Promise<string> {
  const { against, total, items } = await look('changed_items', {
    criterion,
    direction,
    ...(session === undefined ? {} : { session }),
  })
  if (total === 0) return `No item got ${direction} by a point or more on ${criterion} than in ${against}.`
  return [
    `${quantity(total, 'item')} got ${direction} by a point or more on **${criterion}** than in ${against}:`,
    ...items.map(
      ({ item, caseId, beforeScore, afterScore }) =>
        `- from ${points(beforeScore)} to ${points(afterScore)} [#${item}] ${quote(caseId)}`,
    ),
  ].join('\n')
}

export async function oneItem(look: Look, number: number): Promise<string> {
  const whole = await look('get_item', { number })
  const lines = [
    `Item [#${whole.item}] ${quote(whole.caseId)} is **${whole.state.replace('_', ' ')}**.`,
    `- Prompt: ${quote(whole.prompt)}`,
  ]
  if (whole.answer !== undefined) lines.push(`- Answer: ${quote(whole.answer)}`)
  if (whole.message !== undefined) lines.push(`- Failure: ${whole.kind}, ${quote(whole.message)}`)
  if (whole.latencyMs !== undefined)
    lines.push(
      `- Took ${duration(whole.latencyMs)}${whole.costUsd === undefined ? '' : ` and ${money(whole.costUsd)}`}`,
    )
  for (const { criterion, score, reasoning } of whole.verdicts)
    lines.push(`- ${criterion}: ${points(score)}, ${quote(reasoning)}`)
  for (const { type, explanation } of whole.checks.filter(({ passed }) => !passed))
    lines.push(`- Failed check ${type}${explanation ? `: ${quote(explanation)}` : ''}`)
  return lines.join('\n')
}

export async function find(look: Look, text: string): Promise<string> {
  const { total, items } = await look('search_texts', { text })
  if (total === 0) return `${quote(text)} stands in no prompt and no answer.`
  return [
    `${quote(text)} stands in ${quantity(total, 'text')}:`,
    ...items.map((hit) => `- [#${hit.item}] ${hit.in}: ${quote(hit.snippet)}`),
  ].join('\n')
}
