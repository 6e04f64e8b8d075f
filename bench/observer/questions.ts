import type { FigureUnit } from '@proctor/schema'
import { asked, type Truth } from './truth.ts'

export interface Expected {
  figures: { value: number; unit: FigureUnit }[]
  citations: number[]
}

export interface Question {
  text: string
  /** What the built-in analyst must say, figure by figure, in order. */
  analyst: (truth: Truth) => Expected
  /** A model that calls these tools and then says this, with the results' figures filled in. */
  calls: { name: string; arguments: object }[]
  says: string
  model: (truth: Truth) => Expected
}

const n = (value: number) => ({ value, unit: 'plain' as const })
const pct = (part: number, whole: number) => ({ value: (100 * part) / whole, unit: 'percent' as const })
const usd = (micros: number) => ({ value: micros / 1_000_000, unit: 'money' as const })
const ms = (value: number) => ({ value, unit: 'duration' as const })
const only = (...figures: Expected['figures']): Expected => ({ figures, citations: [] })
const some = (condition: boolean, ...entries: Expected['figures']): Expected['figures'] => (condition ? entries : [])

const spent = (t: Truth) => [usd(t.answersMicros + t.judgingMicros), usd(t.answersMicros), usd(t.judgingMicros)]
const score = (t: Truth) => t.criteria.find(({ criterion }) => criterion === asked) ?? t.criteria[0]
const weakest = (t: Truth) => t.criteria.toSorted((a, b) => a.mean - b.mean)[0]
const hasFailures = (t: Truth) => t.failed + t.judgeFailed > 0
const failsChecks = (t: Truth) => t.checksTotal > 0 && t.checksPassed < t.checksTotal
const retryable = new Set(['rate-limited', 'timeout', 'overloaded', 'connection'])

/** Holm over the criteria, as the comparison does it. */
function worst(t: Truth): Truth['comparison'][number] | undefined {
  const sorted = t.comparison.toSorted((a, b) => a.p - b.p)
  let highest = 0
  const adjusted = sorted.map((row, place) => {
    highest = Math.max(highest, Math.min(1, row.p * (sorted.length - place)))
    return { row, p: highest }
  })
  return adjusted
    .filter(({ row, p }) => p < 0.05 && row.change < 0)
    .map(({ row }) => row)
    .toSorted((a, b) => a.change - b.change)[0]
}

const state = (says: string, model: Question['model']) => ({
  calls: [{ name: 'run_state', arguments: {} }],
  says,
  model,
})

export const questions: readonly Question[] = [
  {
    text: 'How is it going?',
    analyst: (t) =>
      only(
        n(t.done),
        n(t.total),
        pct(t.done, t.total),
        n(t.answered),
        n(t.failed),
        ...some(t.failed > 0, pct(t.failed, t.done)),
        n(t.pending),
        n(t.judged),
        ...some(t.judgeFailed > 0, n(t.judgeFailed)),
        ...some(t.checksTotal > 0, n(t.checksPassed), n(t.checksTotal), pct(t.checksPassed, t.checksTotal)),
        ms(t.p50Ms),
        ms(t.p95Ms),
        ...spent(t),
      ),
    ...state('{{0.done}} of {{0.total}} are done, {{0.failed}} failed.', (t) =>
      only(n(t.done), n(t.total), n(t.failed)),
    ),
  },
  {
    text: 'Quality scores?',
    analyst: (t) =>
      only(
        n(t.judged),
        ...some(t.judgeFailed > 0, n(t.judgeFailed)),
        ...t.criteria.flatMap((c) => [n(c.mean), n(c.sd), pct(c.passed, c.n), n(c.n)]),
        ...some(t.criteria.length > 1, n(weakest(t)?.mean ?? 0)),
      ),
    ...state(
      '{{0.criteria.0.criterion}} has a mean of {{0.criteria.0.meanScore}} with sd {{0.criteria.0.sdScore}}.',
      (t) => only(n(t.criteria[0]?.mean ?? 0), n(t.criteria[0]?.sd ?? 0)),
    ),
  },
  {
    text: 'Any errors?',
    analyst: (t) =>
      hasFailures(t)
        ? {
            figures: [
              n(t.failed),
              pct(t.failed, t.done),
              n(t.done),
              ...some(t.judgeFailed > 0, n(t.judgeFailed)),
              ...t.errors.map((group) => n(group.n)),
            ],
            citations: t.errors.flatMap(({ items }) => items),
          }
        : only(n(t.done)),
    ...state('{{0.failed}} failed, that is {{0.failedPercent}}%.', (t) => only(n(t.failed), pct(t.failed, t.done))),
  },
  {
    text: 'Why are so many failing?',
    analyst: (t) => {
      const [first] = t.errors
      return {
        figures: [
          ...(first ? [n(first.n), ...t.failures.map((group) => n(group.n))] : [n(t.done)]),
          ...some(
            failsChecks(t),
            pct(t.checksPassed, t.checksTotal),
            ...t.checks
              .filter(({ passed, total }) => passed < total)
              .flatMap(({ passed, total }) => [n(total - passed), n(total)]),
          ),
        ],
        citations: [...(first?.items ?? []), ...(failsChecks(t) ? t.failedCheckItems.slice(0, 3) : [])],
      }
    },
    ...state('{{0.judgeFailed}} judgments and {{0.failed}} answers failed.', (t) =>
      only(n(t.judgeFailed), n(t.failed)),
    ),
  },
  {
    text: 'What should I fix first?',
    analyst: (t) => {
      const failures = t.failures.filter(({ stage }) => stage === 'answer')
      const lasting = failures.find(({ kind }) => !retryable.has(kind) && kind !== 'auth')
      const [check] = t.checks
      return {
        figures: [
          ...failures
            .filter(({ kind }) => retryable.has(kind))
            .slice(0, 2)
            .map((group) => n(group.n)),
          ...(lasting ? [n(lasting.n)] : []),
          ...(failsChecks(t) && check ? [pct(check.passed, check.total), n(check.total)] : []),
          n(weakest(t)?.mean ?? 0),
        ],
        citations: t
          .lowest(weakest(t)?.criterion ?? asked)
          .slice(0, 3)
          .map(({ item }) => item),
      }
    },
    ...state('Passed checks: {{0.done}} items, {{0.judged}} judged.', (t) => only(n(t.done), n(t.judged))),
  },
  {
    text: 'Compare with the baseline',
    analyst: (t) => {
      const lost = worst(t)
      const changed = lost ? t.worse(lost.criterion) : null
      return {
        figures: [
          ...t.comparison.flatMap((c) => [n(c.before), n(c.now), n(c.change), n(c.low), n(c.high), n(c.cases)]),
          ...(changed ? [n(changed.total)] : []),
        ],
        citations: changed?.items.slice(0, 3).map(({ item }) => item) ?? [],
      }
    },
    calls: [{ name: 'compare', arguments: {} }],
    says: 'From {{0.criteria.0.baselineScore}} to {{0.criteria.0.thisScore}} on {{0.criteria.0.cases}} cases.',
    model: (t) => only(n(t.comparison[0]?.before ?? 0), n(t.comparison[0]?.now ?? 0), n(t.comparison[0]?.cases ?? 0)),
  },
  {
    text: 'How many items failed?',
    analyst: (t) => only(n(t.failed), pct(t.failed, t.done), n(t.done)),
    calls: [{ name: 'list_items', arguments: { state: ['failed'], limit: 1 } }],
    says: '{{0.total}} items failed.',
    model: (t) => only(n(t.failed)),
  },
  {
    text: 'How many items were overloaded?',
    analyst: (t) => {
      const count = t.failures.find(({ stage, kind }) => stage === 'answer' && kind === 'overloaded')?.n ?? 0
      const group = t.errors.find(({ stage, kind }) => stage === 'answer' && kind === 'overloaded')
      return { figures: [n(count)], citations: group?.items ?? [] }
    },
    calls: [{ name: 'list_items', arguments: { state: ['failed'], failureKind: 'overloaded' } }],
    says: '{{0.total}} of them.',
    model: (t) => only(n(t.failures.find(({ stage, kind }) => stage === 'answer' && kind === 'overloaded')?.n ?? 0)),
  },
  {
    text: `What is the mean ${asked}?`,
    analyst: (t) =>
      only(
        n(score(t)?.mean ?? 0),
        n(score(t)?.sd ?? 0),
        n(score(t)?.n ?? 0),
        n(t.spread.min),
        n(t.spread.median),
        n(t.spread.max),
      ),
    calls: [{ name: 'score_distribution', arguments: { criterion: asked } }],
    says: 'The mean is {{0.meanScore}} over {{0.n}} items.',
    model: (t) => only(n(score(t)?.mean ?? 0), n(score(t)?.n ?? 0)),
  },
  {
    text: `How is ${asked} distributed?`,
    analyst: (t) =>
      only(
        n(score(t)?.n ?? 0),
        n(score(t)?.mean ?? 0),
        ...t.spread.points.flatMap((point) => [n(point.score), n(point.n)]),
      ),
    calls: [{ name: 'score_distribution', arguments: { criterion: asked } }],
    says: 'From {{0.minScore}} to {{0.maxScore}}, median {{0.medianScore}}.',
    model: (t) => only(n(t.spread.min), n(t.spread.max), n(t.spread.median)),
  },
  {
    text: `Which items score lowest on ${asked}?`,
    analyst: (t) => ({
      figures: t.lowest(asked).map((row) => n(row.score)),
      citations: t.lowest(asked).map(({ item }) => item),
    }),
    calls: [{ name: 'list_items', arguments: { sort: 'lowest', criterion: asked, limit: 2 } }],
    says: '[#{{0.items.0.item}}] and [#{{0.items.1.item}}] are the lowest.',
    model: (t) => ({
      figures: [],
      citations: t
        .lowest(asked)
        .slice(0, 2)
        .map(({ item }) => item),
    }),
  },
  {
    text: 'Which answers are slowest?',
    analyst: (t) => ({ figures: t.slowest.map((row) => ms(row.ms)), citations: t.slowest.map(({ item }) => item) }),
    calls: [{ name: 'list_items', arguments: { sort: 'slowest', limit: 1 } }],
    says: '[#{{0.items.0.item}}] took {{0.items.0.latencyMs}} ms.',
    model: (t) => ({
      figures: t.slowest.slice(0, 1).map((row) => ms(row.ms)),
      citations: t.slowest.slice(0, 1).map(({ item }) => item),
    }),
  },
  {
    text: 'Which answers are dearest?',
    analyst: (t) => ({
      figures: t.dearest.map((row) => usd(row.micros)),
      citations: t.dearest.map(({ item }) => item),
    }),
    calls: [{ name: 'list_items', arguments: { sort: 'dearest', limit: 1 } }],
    says: '[#{{0.items.0.item}}] cost ${{0.items.0.costUsd}}.',
    model: (t) => ({
      figures: t.dearest.slice(0, 1).map((row) => usd(row.micros)),
      citations: t.dearest.slice(0, 1).map(({ item }) => item),
    }),
  },
  {
    text: 'How many items are judged?',
    analyst: (t) => only(n(t.judged), n(t.total)),
    ...state('{{0.judged}} of {{0.total}}.', (t) => only(n(t.judged), n(t.total))),
  },
  {
    text: 'What is the latency?',
    analyst: (t) => only(ms(t.p50Ms), ms(t.p95Ms)),
    ...state('p50 is {{0.latencyP50Ms}} ms, p95 {{0.latencyP95Ms}} ms.', (t) => only(ms(t.p50Ms), ms(t.p95Ms))),
  },
  {
    text: 'What has it cost?',
    analyst: (t) => only(...spent(t)),
    ...state('It spent ${{0.spentUsd}}, of which ${{0.judgingUsd}} for judging.', (t) =>
      only(usd(t.answersMicros + t.judgingMicros), usd(t.judgingMicros)),
    ),
  },
  {
    text: 'How many tokens did it take?',
    analyst: (t) => only(n(t.inputTokens), n(t.outputTokens)),
    ...state('{{0.inputTokens}} in, {{0.outputTokens}} out.', (t) => only(n(t.inputTokens), n(t.outputTokens))),
  },
  {
    text: 'Checks by type?',
    analyst: (t) => only(...t.checks.flatMap((row) => [n(row.passed), n(row.total), pct(row.passed, row.total)])),
    calls: [{ name: 'check_breakdown', arguments: { by: 'type' } }],
    says: '{{0.groups.0.passed}} of {{0.groups.0.total}} passed.',
    model: (t) => only(n(t.checks[0]?.passed ?? 0), n(t.checks[0]?.total ?? 0)),
  },
  {
    text: 'Which answers fail checks?',
    analyst: (t) =>
      t.failedCheckItems.length === 0
        ? only()
        : { figures: [n(t.failedCheckItems.length)], citations: t.failedCheckItems.slice(0, 5) },
    calls: [{ name: 'list_items', arguments: { failedCheck: 'any', limit: 1 } }],
    says: '{{0.total}} answers do.',
    model: (t) => only(n(t.failedCheckItems.length)),
  },
  {
    text: `Which items got worse on ${asked}?`,
    analyst: (t) => {
      const { total, items } = t.worse(asked)
      const shown = items.slice(0, 5)
      return {
        figures: total === 0 ? [] : [n(total), ...shown.flatMap((row) => [n(row.before), n(row.after)])],
        citations: shown.map(({ item }) => item),
      }
    },
    calls: [{ name: 'changed_items', arguments: { criterion: asked, direction: 'worse' } }],
    says: '{{0.total}} items did.',
    model: (t) => only(n(t.worse(asked).total)),
  },
]
