import type { Look } from '../outputs.ts'
import { cite, count, duration, money, points, quantity, quote, share } from '../wording.ts'

/** The answers to the quick prompts. Every figure is one that a tool gave. */

export async function howIsItGoing(look: Look): Promise<string> {
  const state = await look('run_state', {})
  const lines = [
    `The run is **${state.status}**${state.reason ? ` (${state.reason})` : ''}: ${count(state.done)} of ${count(state.total)} items are done (${share(state.donePercent)}).`,
    `- Answered: ${count(state.answered)}, failed: ${count(state.failed)}${state.failed > 0 ? ` (${share(state.failedPercent)} of those done)` : ''}, still to do: ${count(state.pending + state.running)}`,
  ]
  if (state.judge !== null || state.judged > 0)
    lines.push(
      `- Judged: ${count(state.judged)}${state.judgeWaiting > 0 ? `, waiting for the judge: ${count(state.judgeWaiting)}` : ''}${state.judgeFailed > 0 ? `, failed judgments: ${count(state.judgeFailed)}` : ''}`,
    )
  if (state.checksTotal !== undefined && state.checksPassed !== undefined)
    lines.push(
      `- Checks passed: ${count(state.checksPassed)} of ${count(state.checksTotal)} (${share(state.checksPercent ?? null)})`,
    )
  if (state.latencyP50Ms !== null)
    lines.push(`- Latency: p50 ${duration(state.latencyP50Ms)}, p95 ${duration(state.latencyP95Ms)}`)
  lines.push(`- ${costLine(state)}`)
  if (state.etaMs !== undefined)
    lines.push(`- At the pace of the last moments the rest takes ${duration(state.etaMs)}.`)
  return lines.join('\n')
}

export function costLine(state: Awaited<ReturnType<typeof stateOf>>): string {
  const budget =
    state.budgetUsd === null
      ? ''
      : ` of a budget of ${money(state.budgetUsd)} (${share(state.budgetUsedPercent ?? null)})`
  const unpriced = state.unpricedCalls ? `; ${quantity(state.unpricedCalls, 'call')} without a known price` : ''
  return `Spent: ${money(state.spentUsd)}${budget}, answers ${money(state.answersUsd)} and judging ${money(state.judgingUsd)}${unpriced}`
}

const stateOf = (look: Look) => look('run_state', {})

export async function qualityScores(look: Look): Promise<string> {
  const { criteria, criteriaLeftOut, judge, judged, judgeFailed } = await stateOf(look)
  if (criteria.length === 0)
    return judge === null
      ? 'Nothing is judged: the run has no judge. _Judge now_ on the run’s page scores the answers that are there.'
      : 'There are no scores yet.'
  const rows = criteria.map(
    ({ criterion, judge: by, n, meanScore, sdScore, passedPercent }) =>
      `| ${criterion}${by ? ` (${by})` : ''} | ${points(meanScore)} | ${points(sdScore)} | ${share(passedPercent)} | ${count(n)} |`,
  )
  const lowest = criteria
    .filter(({ meanScore }) => meanScore !== null)
    .toSorted((a, b) => (a.meanScore ?? 0) - (b.meanScore ?? 0))[0]
  return [
    `${quantity(judged, 'item')} judged${judgeFailed > 0 ? `, ${quantity(judgeFailed, 'judgment')} failed` : ''}.`,
    '',
    '| criterion | mean | sd | passed | judged |',
    '|---|--:|--:|--:|--:|',
    ...rows,
    '',
    criteriaLeftOut === undefined ? '' : `${count(criteriaLeftOut)} more are left out.\n`,
    lowest && criteria.length > 1 ? `Lowest: **${lowest.criterion}** with ${points(lowest.meanScore)}.` : '',
  ]
    .join('\n')
    .trim()
}

export async function anyErrors(look: Look): Promise<string> {
  const state = await stateOf(look)
  if (state.failed === 0 && state.judgeFailed === 0)
    return `No: of ${quantity(state.done, 'finished item')} none failed, and no judgment did.`
  const { groups } = await look('error_groups', {})
  return [
    `${quantity(state.failed, 'item')} failed (${share(state.failedPercent)} of ${count(state.done)} done)${state.judgeFailed > 0 ? `, and ${quantity(state.judgeFailed, 'judgment')}` : ''}:`,
    '',
    ...groups.map(
      ({ stage, kind, count: n, message, items, retryable }) =>
        `- ${count(n)} × **${kind}**${stage === 'judge' ? ' while judging' : ''}${retryable ? ', may pass when tried again' : ''}: ${quote(message)} ${cite(items)}`,
    ),
  ].join('\n')
}

export async function whyFailing(look: Look): Promise<string> {
  const state = await stateOf(look)
  const lines: string[] = []
  if (state.failed + state.judgeFailed > 0) {
    const { groups } = await look('error_groups', {})
    const [first] = groups
    if (first)
      lines.push(
        `The commonest reason is **${first.kind}**${first.stage === 'judge' ? ' while judging' : ''}: ${quantity(first.count, 'time')}, ${quote(first.message)} ${cite(first.items)}. ${adviceFor(first.kind)}`,
      )
    lines.push(
      ...state.failures.map(
        ({ stage, kind, count: n }) => `- ${kind}${stage === 'judge' ? ' (judge)' : ''}: ${count(n)}`,
      ),
    )
  } else lines.push(`No call failed among ${quantity(state.done, 'finished item')}.`)
  if (state.checksTotal !== undefined && state.checksPassed !== undefined && state.checksPassed < state.checksTotal) {
    const { groups } = await look('check_breakdown', { by: 'type' })
    const worst = groups.filter(({ failed }) => failed > 0)
    lines.push('', `${share(state.checksPercent ?? null)} of the checks passed; failed checks by type:`)
    lines.push(...worst.map(({ name, failed, total }) => `- ${name}: ${count(failed)} of ${count(total)}`))
    const { items } = await look('list_items', { failedCheck: 'any', limit: 3 })
    if (items.length > 0) lines.push('', `Examples: ${cite(items)}`)
  }
  return lines.join('\n')
}

const advice: Partial<Record<string, string>> = {
  'rate-limited': 'The provider has no room for so many calls: fewer at once, or a retry later, mends it.',
  timeout: 'The answers take longer than the time limit of a call: raise it, or ask for shorter answers.',
  auth: 'The key or the account is refused: until that is mended every call will fail.',
  refused: 'The model declines these prompts; trying again changes nothing.',
  'invalid-request': 'The provider does not take the request as it is; trying again changes nothing.',
  overloaded: 'The provider is overloaded: a retry in a while is likely to pass.',
  connection: 'The connection broke: a retry is likely to pass.',
  unknown: 'The provider gave no reason that can be told apart; a retry may pass.',
  'content-filter': 'The provider’s content filter stopped these.',
}

export function adviceFor(kind: string): string {
  return advice[kind] ?? ''
}

const retryableKinds = new Set(['rate-limited', 'timeout', 'overloaded', 'connection'])

export async function fixFirst(look: Look): Promise<string> {
  const state = await stateOf(look)
  const advices: string[] = []
  const failures = state.failures.filter(({ stage }) => stage === 'answer')
  const auth = failures.find(({ kind }) => kind === 'auth')
  if (auth) {
    advices.push(`**The key or account**: ${quantity(auth.count, 'call')} were refused with auth. ${adviceFor('auth')}`)
    if (state.status === 'running') await look('propose', { action: 'pause' })
  }
  const passing = failures.filter(({ kind }) => retryableKinds.has(kind))
  for (const { kind, count: n } of passing.slice(0, 2)) {
    advices.push(`**Retry ${quantity(n, `${kind} item`)}.** ${adviceFor(kind)}`)
    await look('propose', { action: 'retry', failureKind: kind })
  }
  const lasting = failures.find(({ kind }) => !retryableKinds.has(kind) && kind !== 'auth')
  if (lasting) advices.push(`**${lasting.kind}**: ${quantity(lasting.count, 'item')}. ${adviceFor(lasting.kind)}`)
  if (state.checksTotal !== undefined && state.checksPassed !== undefined && state.checksPassed < state.checksTotal) {
    const { groups } = await look('check_breakdown', { by: 'type' })
    const [worst] = groups
    if (worst)
      advices.push(
        `**Checks of type ${worst.name}**: only ${share(worst.passedPercent)} of ${count(worst.total)} passed.`,
      )
  }
  const weakest = state.criteria
    .filter(({ meanScore }) => meanScore !== null)
    .toSorted((a, b) => (a.meanScore ?? 0) - (b.meanScore ?? 0))[0]
  if (weakest) {
    const { items } = await look('list_items', { sort: 'lowest', criterion: weakest.criterion, limit: 3 })
    advices.push(
      `**${weakest.criterion}** is the weakest criterion with a mean of ${points(weakest.meanScore)}; its lowest answers: ${cite(items)}`,
    )
  }
  return advices.length === 0
    ? `Nothing stands out: ${quantity(state.done, 'item')} done, none failed.`
    : advices.map((point, index) => `${index + 1}. ${point.trim()}`).join('\n')
}

export async function compareWith(look: Look, session: string | undefined): Promise<string> {
  const { against, method, criteria } = await look('compare', session === undefined ? {} : { session })
  if (criteria.length === 0) return `Neither this run nor ${against} has scores to compare.`
  const rows = criteria.map(
    ({ criterion, cases, baselineScore, thisScore, changeScore, lowScore, highScore, verdict }) =>
      `| ${criterion} | ${points(baselineScore)} | ${points(thisScore)} | ${points(changeScore)} | ${lowScore === null ? '' : `${points(lowScore)} to ${points(highScore)}`} | ${verdict} | ${count(cases)} |`,
  )
  const lines = [
    `Against **${against}** (${method}):`,
    '',
    '| criterion | before | now | change | interval | verdict | cases |',
    '|---|--:|--:|--:|--:|---|--:|',
    ...rows,
  ]
  const worse = criteria
    .filter(({ verdict }) => verdict === 'worse')
    .toSorted((a, b) => a.changeScore - b.changeScore)[0]
  if (worse) {
    const changed = await look('changed_items', {
      criterion: worse.criterion,
      direction: 'worse',
      limit: 3,
      ...(session === undefined ? {} : { session }),
    })
    lines.push(
      '',
      `${quantity(changed.total, 'item')} lost a point or more on ${worse.criterion}: ${cite(changed.items)}`,
    )
  }
  return lines.join('\n')
}
