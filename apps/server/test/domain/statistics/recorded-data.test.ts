import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  compareCases,
  comparePairedRates,
  countPairs,
  testMcNemar,
  testSignedRanks,
} from '../../../src/domain/statistics/index.ts'
import { findRecordedData, readJsonl } from '../../../../../tests/support/recorded-data.ts'
import { deviations } from './reference.ts'

interface PairExpected {
  n: number
  mean_diff: number
  t: number
  df?: number
  p_t: number
  ci95: [number, number]
  wilcoxon_W?: number
  p_wilcoxon_normal_approx_no_cc_zeros_dropped?: number
  wins?: number
  losses?: number
  ties?: number
  p_sign_test?: number
}

interface RateExpected {
  only_first: number
  only_second: number
  p_mcnemar_exact: number
}

interface Scored {
  prompt_id: string
  model: string
  score: number
}

const expectedFile = findRecordedData('expected_statistics.json')
const vicuna = findRecordedData('vicuna80')
const mtbench = findRecordedData('mtbench_single')
const gsm8k = findRecordedData('gsm8k')
const comparisons = expectedFile
  ? (JSON.parse(readFileSync(expectedFile, 'utf8')) as { comparisons: Record<string, unknown> }).comparisons
  : {}

/** One side: the scores of a model, in whatever order the file has them; repeats and turns are averaged. */
function sideOf(rows: readonly Scored[], model: string) {
  const own = rows.filter((row) => row.model === model)
  return { caseIds: own.map((row) => row.prompt_id), scores: own.map((row) => row.score) }
}

/** Compares the first model minus the second with what scipy made of the same published verdicts. */
function checkPair(rows: readonly Scored[], first: string, second: string, expected: PairExpected): void {
  const answer = compareCases(sideOf(rows, second), sideOf(rows, first))
  if (!answer.ok || answer.design !== 'paired') throw new Error(JSON.stringify(answer))
  const { difference, effect } = answer.comparison
  const [lower, upper] = expected.ci95
  const test = { statistic: expected.t, pValue: expected.p_t, interval: { lower, upper, confidence: 0.95 } }
  expect(deviations(difference, { n: expected.n, mean: expected.mean_diff, test })).toEqual([])
  if (expected.wins === undefined) return

  const { wins, losses, ties } = effect
  expect({ wins, losses, ties }).toEqual({ wins: expected.wins, losses: expected.losses, ties: expected.ties })
  // The sign test is McNemar's on wins and losses.
  expect(deviations(testMcNemar(losses, wins), { exactP: expected.p_sign_test })).toEqual([])
  const opposite = new Map(rows.filter(({ model }) => model === second).map((row) => [row.prompt_id, row.score]))
  const own = rows.filter(({ model }) => model === first)
  const ranks = testSignedRanks(
    own.map((row) => row.score - (opposite.get(row.prompt_id) ?? Number.NaN)),
    { zeros: 'drop', method: 'normal' },
  )
  if (!ranks.ok) throw new Error(ranks.reason)
  expect(Math.min(ranks.positiveRanks, ranks.negativeRanks)).toBe(expected.wilcoxon_W)
  expect(deviations(ranks.pValue, expected.p_wilcoxon_normal_approx_no_cc_zeros_dropped)).toEqual([])
}

describe.skipIf(vicuna === null || expectedFile === null)('published verdicts on 80 questions', () => {
  it.each(['llama-13b', 'alpaca-13b', 'bard', 'gpt-3.5-turbo'])('vicuna-13b minus %s, as scipy has it', (other) => {
    interface Review {
      set: string
      prompt_id: string
      model_a: string
      model_b: string
      score_a: number
      score_b: number
    }
    const reviews = readJsonl<Review>(`${vicuna}/pair_reviews.jsonl`)
    const rows = reviews.flatMap(({ set, prompt_id, model_a, model_b, score_a, score_b }) =>
      set === `${other}__vicuna-13b`
        ? [
            { prompt_id, model: model_a, score: score_a },
            { prompt_id, model: model_b, score: score_b },
          ]
        : [],
    )
    checkPair(rows, 'vicuna-13b', other, comparisons[`vicuna-13b minus ${other}`] as PairExpected)
  })
})

describe.skipIf(mtbench === null || expectedFile === null)('published verdicts on two turns', () => {
  it.each([
    [
      'llama-2-7b-chat',
      'llama-2-7b-chat-ft',
      'mtbench_single llama-2-7b-chat minus llama-2-7b-chat-ft (per question, turns averaged)',
    ],
    [
      'llama-2-7b-chat-ft-attn',
      'llama-2-7b-chat-ft-ffn',
      'mtbench_single ft-attn minus ft-ffn (expected: no significant difference)',
    ],
  ])('%s minus %s, turns averaged, as scipy has it', (first, second, key) => {
    checkPair(readJsonl<Scored>(`${mtbench}/judgments.jsonl`), first, second, comparisons[key] as PairExpected)
  })
})

describe.skipIf(gsm8k === null || expectedFile === null)('published solutions of 1,319 problems', () => {
  it.each([
    ['6b_verification', '175b_finetuning'],
    ['175b_verification', '6b_verification'],
  ])('%s against %s, as scipy has it', (first, second) => {
    const rows = readJsonl<{ model: string; prompt_id: string; is_correct: boolean }>(`${gsm8k}/answers.jsonl`)
    const passesOf = (model: string) =>
      rows
        .filter((row) => row.model === `gpt3-${model}`)
        .toSorted((a, b) => a.prompt_id.localeCompare(b.prompt_id))
        .map((row) => Number(row.is_correct))
    const counts = countPairs(passesOf(second), passesOf(first))
    if (!counts.ok) throw new Error(counts.reason)
    const expected = comparisons[`gsm8k ${first} vs ${second}`] as RateExpected
    expect([counts.onlyCandidate, counts.onlyBaseline]).toEqual([expected.only_first, expected.only_second])
    const answer = comparePairedRates(counts)
    expect(deviations(answer, { test: { exactP: expected.p_mcnemar_exact } })).toEqual([])
    // Both systems differ for sure, so the interval must leave out 0 as well.
    expect(answer).toMatchObject({ ok: true })
    if (answer.ok) expect(answer.interval.lower).toBeGreaterThan(0)
  })
})
