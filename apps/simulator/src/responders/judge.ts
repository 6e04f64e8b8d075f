import type { ChatCall, JsonSchema, Reply } from '../call.ts'
import { type JudgeRequest, readJudgeRequest } from '../judge-request.ts'
import { createRandom, hash } from '../random.ts'
import type { RecordedJudgment, RecordedTurn, Recordings } from '../recordings.ts'
import { isObject } from '../schemas.ts'

interface Verdict {
  reasoning: string
  quotes: string[]
  score: number
  confidence: number
  suggestions: string[]
}

/** The verdict on a fenced answer: as recorded, otherwise made up; null when the call is no judge's. */
export function replyAsJudge(call: ChatCall, recordings: Recordings, seed: number): Reply | null {
  const request = readJudgeRequest(call)
  if (!request) return null
  const recorded = findJudgment(call.model, request, recordings)
  const verdicts = request.criteria.map(({ id, fields, score }) => {
    const verdict = recorded
      ? recordedVerdict(recorded, id, request.answer)
      : madeUpVerdict(seed, call.model, request, id, score)
    return [id, Object.fromEntries(Object.entries(verdict).filter(([field]) => fields.includes(field)))]
  })
  return { kind: recorded ? 'recorded verdict' : 'made-up verdict', text: JSON.stringify(Object.fromEntries(verdicts)) }
}

/**
 * The first judgment in file order of this judge on this answer. When several models gave the identical
 * answer, the first of them by the order of answers.jsonl that this judge has judged is taken.
 */
function findJudgment(judgeModel: string, request: JudgeRequest, recordings: Recordings): RecordedJudgment | null {
  for (const turn of candidateTurns(request, recordings)) {
    for (const [model, answer] of turn.answers) {
      if (answer !== request.answer) continue
      const judgment = chooseJudgment(judgeModel, turn.judgments.get(model) ?? [])
      if (judgment) return judgment
    }
  }
  return null
}

function candidateTurns(request: JudgeRequest, recordings: Recordings): readonly RecordedTurn[] {
  const turns = recordings.turnsAsking(request.question ?? '')
  const { conversation } = request
  if (conversation === null || turns.length < 2) return turns
  const fitting = turns.filter((turn) => turn.texts.slice(0, -1).every((text) => conversation.includes(text)))
  return fitting.length > 0 ? fitting : turns
}

function chooseJudgment(judgeModel: string, judgments: readonly RecordedJudgment[]): RecordedJudgment | null {
  const at = judgeModel.lastIndexOf('@')
  const own = judgments.find(({ judge }) => judge === null || judge === judgeModel)
  if (own || at < 0) return own ?? null
  const judgeName = judgeModel.slice(0, at)
  const opponent = judgeModel.slice(at + 1)
  const named = judgments.filter(({ judge }) => judge === judgeName)
  return named.find((judgment) => judgment.opponent === opponent) ?? named[0] ?? null
}

function recordedVerdict(recorded: RecordedJudgment, criterion: string, answer: string): Verdict {
  const score = recorded.scores?.[criterion] ?? recorded.score ?? meanScore(recorded.scores)
  const quotes = ofCriterion(recorded.quotes, criterion)
  const review = ofCriterion(recorded.review, criterion)
  const confidence = ofCriterion(recorded.confidence, criterion)
  const suggestions = ofCriterion(recorded.suggestions, criterion)
  return {
    reasoning: typeof review === 'string' ? review : `On ${criterion}, the recorded judge gave this answer ${score}.`,
    quotes: Array.isArray(quotes) ? quotes.map(String) : quoteFrom(answer, 0),
    score,
    confidence: typeof confidence === 'number' ? confidence : 0.8,
    suggestions: Array.isArray(suggestions) ? suggestions.map(String) : [],
  }
}

/** Recorded fields may hold one value for the whole verdict, or one for each criterion. */
function ofCriterion(value: unknown, criterion: string): unknown {
  return isObject(value) ? value[criterion] : value
}

function meanScore(scores: RecordedJudgment['scores']): number {
  const values = Object.values(scores ?? {})
  return values.length === 0 ? 0 : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}

const judgements = [
  { from: 9, words: ['is excellent', 'is convincing throughout', 'leaves little to wish for'] },
  { from: 7, words: ['is solid', 'is good with small gaps', 'holds up well'] },
  { from: 5, words: ['is mixed', 'is acceptable but uneven', 'covers only part of what was asked'] },
  { from: 0, words: ['is weak', 'falls short', 'misses too much'] },
] as const
const grounds = [
  'It addresses the question directly, and the passage quoted carries the point.',
  'The passage quoted is representative; the rest neither adds much nor takes away.',
  'The main point is there, but it could be backed by something more specific.',
  'The structure helps the reader, although one step is asserted rather than shown.',
]
const advice = [
  'Back the main claim with a concrete example.',
  'Say what the answer does not cover.',
  'Put the conclusion first.',
  'Cut the sentences that repeat the question.',
]

function madeUpVerdict(
  seed: number,
  judge: string,
  request: JudgeRequest,
  criterion: string,
  score: JsonSchema,
): Verdict {
  const random = createRandom(
    hash(seed, judge, request.question ?? request.conversation ?? '', request.answer, criterion),
  )
  // The sum of three draws gives 4..10 a bell shape around 7.
  const bell = 4 + Math.round(6 * ((random() + random() + random()) / 3))
  const level = judgements.find(({ from }) => bell >= from) ?? judgements[3]
  return {
    reasoning: `On ${criterion.replaceAll('_', ' ')}, the answer ${pick(level.words, random)}. ${pick(grounds, random)}`,
    quotes: quoteFrom(request.answer, random()),
    score: fitScale(bell, score),
    confidence: Math.round((0.55 + 0.4 * random()) * 100) / 100,
    suggestions: bell >= 9 ? [] : [pick(advice, random)],
  }
}

/** Maps 1..10 to the scale that the schema names, if it names one. */
function fitScale(score: number, schema: JsonSchema): number {
  const numbers = Array.isArray(schema['enum']) ? schema['enum'].filter((value) => typeof value === 'number') : []
  const low = numbers.length > 0 ? Math.min(...numbers) : schema['minimum']
  const high = numbers.length > 0 ? Math.max(...numbers) : schema['maximum']
  if (typeof low !== 'number' || typeof high !== 'number') return score
  return Math.round(low + ((score - 1) * (high - low)) / 9)
}

function quoteFrom(answer: string, position: number): string[] {
  const sentences = (answer.slice(0, 4000).match(/[^\s.!?][^.!?\n]*[.!?]?/g) ?? []).filter(
    (sentence) => sentence.length >= 8,
  )
  const quote = sentences[Math.floor(position * sentences.length)] ?? answer.trim().slice(0, 200)
  return quote === '' ? [] : [quote.trimEnd()]
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item
}

const defects = ['broken JSON', 'score out of range', 'missing criterion'] as const

/** A verdict spoilt in one of three ways, which take turns. */
export function spoilVerdict(text: string, turn: number): string {
  const defect = defects[turn % defects.length]
  if (defect === 'broken JSON') return text.slice(0, Math.max(1, Math.floor(text.length * 0.6)))
  const verdict = JSON.parse(text) as Record<string, { score: number }>
  const first = Object.keys(verdict)[0] as string
  if (defect === 'missing criterion') delete verdict[first]
  else (verdict[first] as { score: number }).score = 11
  return JSON.stringify(verdict)
}
