import type { Change, CheckGroup, ErrorExample, OtherRun, RunFacts, ScoreSpread, TextHit, WholeItem } from './facts.ts'
import { doneOf } from './facts.ts'
import { secondsLeft } from './pace.ts'
import type { Item } from '@proctor/schema'

/**
 * Facts as tools tell them: compact, and ready to be repeated. A key says what its figure is
 * (`...Usd`, `...Ms`, `...Percent`, `...Score`, else a count), so that the check of an answer can tell 3 items
 * from 3 seconds. Texts that somebody else wrote stand under the keys of `foreignKeys` alone.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
export type ToolResult = { readonly [key: string]: Json | undefined }

/** Texts of models under test, of users and of providers: never instructions, and their figures are no facts. */
export const foreignKeys: ReadonlySet<string> = new Set([
  'prompt',
  'answer',
  'expected',
  'reasoning',
  'explanation',
  'message',
  'snippet',
])

const previewCharacters = 90
const promptCharacters = 500
const answerCharacters = 900
const reasoningCharacters = 220
const shownFailures = 6
const shownCriteria = 12
const shownGroups = 12

export function presentState({ run, sums, failures, earlier, baseline }: RunFacts, now: Date) {
  const { counts, cost, validators, tokens } = run.progress
  const done = doneOf(run.progress)
  const spentMicros = cost.answersMicros + cost.judgingMicros
  const isOwn = ({ judgeModel }: RunFacts['sums'][number]) => judgeModel === run.judge?.model
  const ownJudgeFirst = [...sums.filter(isOwn), ...sums.filter((entry) => !isOwn(entry))]
  const left = secondsLeft(run, earlier, now)
  return {
    status: run.status,
    reason: run.statusReason ?? undefined,
    tag: run.sessionId,
    experiment: run.experimentName,
    suite: run.suite.name,
    model: run.model,
    judge: run.judge?.model ?? null,
    baseline: baseline ? (baseline.sessionId ?? baseline.model) : null,
    done,
    total: counts.total,
    donePercent: percent(done, counts.total),
    pending: counts.pending,
    running: counts.running,
    answered: doneOf(run.progress) - counts.failed,
    judged: counts.judged,
    judgeWaiting: counts.judgeWaiting,
    failed: counts.failed,
    failedPercent: percent(counts.failed, done),
    judgeFailed: counts.judgeFailed,
    failures: failures.slice(0, shownFailures).map(({ stage, kind, count }) => ({ stage, kind, count })),
    criteria: ownJudgeFirst
      .slice(0, shownCriteria)
      .map(({ criterion, judgeModel, n, total, totalSquares, passed }) => ({
        criterion,
        ...(judgeModel === run.judge?.model ? {} : { judge: judgeModel }),
        n,
        meanScore: n === 0 ? null : round(total / n, 2),
        sdScore: n < 2 ? null : round(Math.sqrt(Math.max(0, (totalSquares - total ** 2 / n) / (n - 1))), 2),
        passed,
        passedPercent: percent(passed, n),
      })),
    criteriaLeftOut: sums.length > shownCriteria ? sums.length - shownCriteria : undefined,
    checksPassed: validators.total > 0 ? validators.passed : undefined,
    checksTotal: validators.total > 0 ? validators.total : undefined,
    checksPercent: validators.total > 0 ? percent(validators.passed, validators.total) : undefined,
    latencyP50Ms: roundOrNull(run.latency.p50Ms, 0),
    latencyP95Ms: roundOrNull(run.latency.p95Ms, 0),
    spentUsd: usd(spentMicros),
    answersUsd: usd(cost.answersMicros),
    judgingUsd: usd(cost.judgingMicros),
    unpricedCalls: cost.unpricedCalls === 0 ? undefined : cost.unpricedCalls,
    budgetUsd: run.budgetMicros === null ? null : usd(run.budgetMicros),
    budgetUsedPercent: run.budgetMicros === null ? undefined : percent(spentMicros, run.budgetMicros),
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    etaMs: left === null ? undefined : Math.round(left) * 1000,
  }
}

export function presentItems(total: number, items: readonly Item[]) {
  return { total, items: items.map(presentRow) }
}

function presentRow(item: Item) {
  return {
    item: item.position + 1,
    caseId: item.caseId,
    state: item.state,
    latencyMs: roundOrNull(item.latencyMs, 0) ?? undefined,
    costUsd: item.costMicros === null ? undefined : usd(item.costMicros),
    outputTokens: item.outputTokens ?? undefined,
    scores: item.scores.length === 0 ? undefined : item.scores.map(({ criterion, score }) => ({ criterion, score })),
    checksPassed: item.validators.total === 0 ? undefined : item.validators.passed,
    checksTotal: item.validators.total === 0 ? undefined : item.validators.total,
    kind: item.failure?.kind,
    message: item.failure ? cut(item.failure.message, previewCharacters) : undefined,
    prompt: cut(item.promptPreview, previewCharacters),
    answer: item.answerPreview === null ? undefined : cut(item.answerPreview, previewCharacters),
  }
}

export function presentChanges(
  other: OtherRun,
  criterion: string,
  { total, changes }: { total: number; changes: readonly Change[] },
) {
  return {
    against: other.sessionId ?? other.model,
    criterion,
    total,
    items: changes.map(({ item, before, after }) => ({
      item: item.position + 1,
      caseId: item.caseId,
      beforeScore: before,
      afterScore: after,
      changeScore: round(after - before, 2),
      prompt: cut(item.promptPreview, previewCharacters),
    })),
  }
}

export function presentItem({ item, prompt, answer, expected, judgments, checks }: WholeItem) {
  const row = presentRow(item)
  return {
    ...row,
    attempts: item.attempts,
    inputTokens: item.inputTokens ?? undefined,
    firstTokenMs: roundOrNull(item.timeToFirstTokenMs, 0) ?? undefined,
    scores: undefined,
    message: item.failure ? cut(item.failure.message, reasoningCharacters) : undefined,
    prompt: cut(prompt, promptCharacters),
    answer: answer === null ? undefined : cut(answer, answerCharacters),
    expected: expected === null ? undefined : cut(expected, reasoningCharacters),
    verdicts: judgments.map(({ criterion, score, reasoning }) => ({
      criterion,
      score,
      reasoning: cut(reasoning, reasoningCharacters),
    })),
    checks: checks.map(({ type, passed, explanation }) => ({
      type,
      passed,
      explanation: explanation === null ? undefined : cut(explanation, reasoningCharacters),
    })),
  }
}

export function presentErrors(errors: readonly ErrorExample[]) {
  return {
    groups: errors.map(({ stage, kind, message, retryable, count, positions }) => ({
      stage,
      kind,
      count,
      retryable,
      message: cut(message, 140),
      items: positions.map((position) => ({ item: position + 1 })),
    })),
  }
}

export function presentSpread(criterion: string, spread: ScoreSpread) {
  return {
    criterion,
    n: spread.n,
    meanScore: roundOrNull(spread.mean, 2),
    sdScore: roundOrNull(spread.sd, 2),
    minScore: spread.min,
    medianScore: spread.median,
    maxScore: spread.max,
    points: spread.counts.flatMap((items, index) => (items === 0 ? [] : [{ score: index + 1, items }])),
  }
}

export function presentChecks(by: 'type' | 'tag' | 'group', groups: readonly CheckGroup[]) {
  return {
    by,
    groups: groups.slice(0, shownGroups).map(({ name, passed, total }) => ({
      name,
      passed,
      failed: total - passed,
      total,
      passedPercent: percent(passed, total),
    })),
    leftOut: groups.length > shownGroups ? groups.length - shownGroups : undefined,
  }
}

export function presentHits(total: number, hits: readonly TextHit[]) {
  return {
    total,
    items: hits.map(({ item, where, snippet }) => ({
      item: item.position + 1,
      caseId: item.caseId,
      in: where,
      snippet: cut(snippet, 140),
    })),
  }
}

export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : round((part / whole) * 100, 1)
}

export function usd(micros: number): number {
  return micros / 1_000_000
}

export function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}

export function roundOrNull(value: number | null, digits: number): number | null {
  return value === null ? null : round(value, digits)
}

export function cut(text: string, characters: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > characters ? `${line.slice(0, characters - 1)}…` : line
}
