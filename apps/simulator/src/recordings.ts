import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonLines, type Row } from './jsonl.ts'

/** A recorded verdict on one answer. */
export interface RecordedJudgment {
  /** Null when the recording names no judge; it then speaks for every judge. */
  judge: string | null
  opponent: string | null
  score: number | null
  /** Scores by criterion, in the demo format. */
  scores: Readonly<Record<string, number>> | null
  review: unknown
  quotes: unknown
  confidence: unknown
  suggestions: unknown
}

/** One turn of one recorded prompt, with everything recorded about it, in file order. */
export interface RecordedTurn {
  promptId: string
  turn: number
  /** The user's texts up to and including this turn. */
  texts: readonly string[]
  isMultiTurn: boolean
  answers: Map<string, string>
  judgments: Map<string, RecordedJudgment[]>
}

export interface Recordings {
  models: ReadonlySet<string>
  /** The turns whose user text is exactly this one, in the order of the folders. */
  turnsAsking(text: string): readonly RecordedTurn[]
}

/** Load replay folders into one index; throws when a folder has no prompts or no answers. */
export function loadRecordings(folders: readonly string[]): Recordings {
  const models = new Set<string>()
  const byText = new Map<string, RecordedTurn[]>()
  for (const folder of folders) {
    for (const turn of loadFolder(folder, models)) {
      const text = turn.texts[turn.texts.length - 1] ?? ''
      const others = byText.get(text)
      if (others) others.push(turn)
      else byText.set(text, [turn])
    }
  }
  return { models, turnsAsking: (text) => byText.get(text) ?? [] }
}

function loadFolder(folder: string, models: Set<string>): Iterable<RecordedTurn> {
  const turns = new Map<string, RecordedTurn>()
  for (const turn of readPrompts(folder)) turns.set(`${turn.promptId}/${turn.turn}`, turn)
  const answers = readJsonLines(join(folder, 'answers.jsonl'))
  if (turns.size === 0 || answers.length === 0) {
    throw new Error(`${folder} is no replay folder: it needs prompts.jsonl or suite.json, and answers.jsonl.`)
  }
  for (const row of answers) {
    const model = String(row['model'])
    models.add(model)
    const known = turns.get(keyOf(row))?.answers
    // Several samples of one answer: the first is replayed.
    if (known && !known.has(model)) known.set(model, textOf(row['response']))
  }
  addJudgments(folder, turns, models)
  return turns.values()
}

function readPrompts(folder: string): RecordedTurn[] {
  const suite = join(folder, 'suite.json')
  const prompts = readJsonLines(join(folder, 'prompts.jsonl'))
  const cases = existsSync(suite) ? (JSON.parse(readFileSync(suite, 'utf8')) as { cases?: Row[] }).cases : undefined
  return [...prompts, ...(cases ?? [])].flatMap((row) => {
    const texts = Array.isArray(row['turns']) ? row['turns'].map(String) : [textOf(row['prompt'])]
    return texts.map((_, index) => ({
      promptId: String(row['prompt_id'] ?? row['id']),
      turn: index + 1,
      texts: texts.slice(0, index + 1),
      isMultiTurn: texts.length > 1,
      answers: new Map(),
      judgments: new Map(),
    }))
  })
}

function addJudgments(folder: string, turns: Map<string, RecordedTurn>, models: Set<string>): void {
  const rows = readJsonLines(join(folder, 'judgments.jsonl'))
  const pairReviews = readJsonLines(join(folder, 'pair_reviews.jsonl'))
  const reviews = new Map(pairReviews.map((row) => [row['review_id'], row['review']]))
  for (const row of rows) {
    const judgment = readJudgment(row, reviews)
    if (judgment.judge) models.add(judgment.judge)
    if (judgment.judge && judgment.opponent) models.add(`${judgment.judge}@${judgment.opponent}`)
    const turn = turns.get(keyOf(row))
    if (!turn) continue
    const model = String(row['model'])
    const others = turn.judgments.get(model)
    if (others) others.push(judgment)
    else turn.judgments.set(model, [judgment])
  }
}

function readJudgment(row: Row, reviews: ReadonlyMap<unknown, unknown>): RecordedJudgment {
  return {
    judge: textOrNull(row['judge']),
    opponent: textOrNull(row['opponent']),
    score: typeof row['score'] === 'number' ? row['score'] : null,
    scores: (row['scores'] as RecordedJudgment['scores'] | undefined) ?? null,
    review: row['reasoning'] ?? row['review'] ?? reviews.get(row['review_id']) ?? null,
    quotes: row['quotes'] ?? null,
    confidence: row['confidence'] ?? null,
    suggestions: row['suggestions'] ?? null,
  }
}

function keyOf(row: Row): string {
  return `${String(row['prompt_id'] ?? row['case_id'] ?? row['id'])}/${typeof row['turn'] === 'number' ? row['turn'] : 1}`
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
