import {
  costMicros,
  type CostRange,
  type Criterion,
  type Estimate,
  type ModelPrice,
  type SuiteCase,
} from '@proctor/schema'
import { buildJudgeRequest } from '../judge/prompt.ts'
import { isSampled } from '../judge/sampling.ts'
import type { ModelHistory } from '../run-ports.ts'

export interface EstimateQuestion {
  /** All cases, or an even sample of them when there are very many. */
  cases: readonly SuiteCase[]
  /** How many cases each given case stands for (1 unless sampled). */
  weight: number
  repeats: number
  concurrency: number
  systemPrompt: string | null
  maxOutputTokens: number
  price: ModelPrice | null
  history: ModelHistory | null
  judge: { criteria: readonly Criterion[]; sampleShare: number; price: ModelPrice | null } | null
  countTokens: (text: string) => number
}

/** Where nothing is known of a model: a short answer and a long one, in tokens. */
const unknownAnswerTokens = { low: 60, high: 600 }
/** A verdict on one criterion: reasoning, quotes, suggestions. */
const verdictTokens = { low: 80, high: 250 }
/** Per call where nothing is known of a model, in seconds. */
const unknownLatencySeconds = { low: 1, high: 12 }
const overheadTokensPerMessage = 4

/**
 * What a run will cost and how long it will take, as a range: the input is counted, the length of the
 * answers comes from the model's earlier answers (10th to 90th percentile) or from a stated guess.
 */
export function estimateRun(question: EstimateQuestion): Estimate {
  const { cases, weight, repeats, history, judge, price, maxOutputTokens, countTokens } = question
  const perItem = weight * repeats
  const scale = (value: number) => Math.round(value * perItem)
  const answer = history ? { low: history.outputTokensP10, high: history.outputTokensP90 } : unknownAnswerTokens
  const answerTokens = {
    low: Math.min(Math.round(answer.low), maxOutputTokens),
    high: Math.min(Math.round(answer.high), maxOutputTokens),
  }

  let turns = 0
  let judgedItems = 0
  const input = { low: 0, high: 0 }
  const judgeInput = { low: 0, high: 0 }
  for (const entry of cases) {
    const system = entry.system ?? question.systemPrompt
    let context = system === null ? 0 : countTokens(system) + overheadTokensPerMessage
    entry.turns.forEach((prompt, index) => {
      context += countTokens(prompt) + overheadTokensPerMessage
      // Later turns send the earlier answers again.
      input.low += context + index * answerTokens.low
      input.high += context + index * answerTokens.high
      turns += 1
    })
    if (!judge) continue
    const sampled = countSampled(entry.id, repeats, judge.sampleShare)
    if (sampled === 0) continue
    judgedItems += sampled * weight
    const rubric = countTokens(renderJudgeInput(entry, judge.criteria, system))
    judgeInput.low += (sampled / repeats) * (rubric + entry.turns.length * answerTokens.low)
    judgeInput.high += (sampled / repeats) * (rubric + entry.turns.length * answerTokens.high)
  }

  const answers = range(price, input, { low: turns * answerTokens.low, high: turns * answerTokens.high }, scale)
  const verdicts = (judgedItems / perItem) * (judge?.criteria.length ?? 0)
  const judging = judge
    ? range(judge.price, judgeInput, { low: verdicts * verdictTokens.low, high: verdicts * verdictTokens.high }, scale)
    : { lowMicros: 0, highMicros: 0 }
  const items = cases.length * perItem
  return {
    items: Math.round(items),
    judgedItems: Math.round(judgedItems),
    inputTokens: scale((input.low + input.high) / 2),
    answers,
    judging,
    total: answers &&
      judging && {
        lowMicros: answers.lowMicros + judging.lowMicros,
        highMicros: answers.highMicros + judging.highMicros,
      },
    durationSeconds: duration(question, turns * perItem),
    notes: notes(question),
  }
}

function countSampled(caseId: string, repeats: number, share: number): number {
  let sampled = 0
  for (let repeat = 1; repeat <= repeats; repeat++) if (isSampled(caseId, repeat, share)) sampled += 1
  return sampled
}

function renderJudgeInput(entry: SuiteCase, criteria: readonly Criterion[], system: string | null): string {
  const conversation = [
    ...entry.turns.map((content) => ({ role: 'user' as const, content })),
    { role: 'assistant' as const, content: '' },
  ]
  const subject = {
    messageId: '',
    runId: null,
    itemId: null,
    conversation,
    system,
    expected: entry.expected ?? null,
    notes: entry.notes ?? null,
  }
  const request = buildJudgeRequest(subject, criteria, '', '00000000')
  const schema = JSON.stringify(request.responseSchema?.schema)
  return [request.system, ...request.messages.map((message) => message.content), schema].join('\n')
}

interface Span {
  low: number
  high: number
}

function range(price: ModelPrice | null, input: Span, output: Span, scale: (value: number) => number): CostRange {
  const cost = (inputTokens: number, outputTokens: number) =>
    costMicros({ inputTokens: scale(inputTokens), outputTokens: scale(outputTokens), cachedInputTokens: 0 }, price)
  const lowMicros = cost(input.low, output.low)
  const highMicros = cost(input.high, output.high)
  return lowMicros === null || highMicros === null ? null : { lowMicros, highMicros }
}

function duration({ concurrency, history }: EstimateQuestion, calls: number): Span {
  const seconds = history
    ? { low: history.latencyP50Ms / 1000, high: history.latencyP90Ms / 1000 }
    : unknownLatencySeconds
  const rounds = Math.ceil(calls / Math.min(concurrency, Math.max(1, calls)))
  return { low: round(rounds * seconds.low), high: round(rounds * seconds.high) }
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}

function notes({ history, price, judge, weight }: EstimateQuestion): string[] {
  return [
    history
      ? `Answer length and speed from ${history.answers} earlier answers of this model.`
      : `No earlier answers of this model: ${unknownAnswerTokens.low}-${unknownAnswerTokens.high} tokens an answer are assumed.`,
    price ? '' : 'No price is known for this model, so the cost of the answers is unknown.',
    judge && !judge.price ? 'No price is known for the judge, so the cost of judging is unknown.' : '',
    weight > 1 ? 'Tokens were counted on an even sample of the cases.' : '',
  ].filter((note) => note !== '')
}
