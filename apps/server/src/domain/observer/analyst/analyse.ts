import { failureKindSchema } from '@proctor/schema'
import type { Look } from '../outputs.ts'
import * as overview from './overview.ts'
import * as facts from './single-facts.ts'

export const quickPrompts = [
  'How is it going?',
  'Quality scores?',
  'Any errors?',
  'Why are so many failing?',
  'What should I fix first?',
  'Compare with the baseline',
] as const

interface Question {
  text: string
  /** A criterion of the run that it names, or its first one. */
  criterion: string | null
  namesCriterion: boolean
}

interface Intent {
  asks: RegExp
  /** Null where the words fit and the rest does not: the next intent is tried. */
  answer: (look: Look, question: Question, match: RegExpExecArray) => Promise<string> | null
}

const failureKinds = failureKindSchema.options

/** The first that fits answers; the narrow ones stand before the wide ones. */
const intents: readonly Intent[] = [
  {
    asks: /(?:show|read|open|what (?:is|about)|explain).*?(?:item |#)(\d{1,7})/,
    answer: (look, _question, [, number]) => facts.oneItem(look, Number(number)),
  },
  {
    asks: /(?:search|find|mention|contain|say)s?\b.*?["“'](.+?)["”']/,
    answer: (look, _question, [, text = '']) => facts.find(look, text),
  },
  { asks: /why.*fail|why.*(?:wrong|error)/, answer: (look) => overview.whyFailing(look) },
  { asks: /fix|what (?:should|can) i|improve|prioriti/, answer: (look) => overview.fixFirst(look) },
  {
    asks: /\b(worse|better|improved|regress\w*|dropped)\b(?:.*\bthan (\S+))?/,
    answer: (look, { criterion }, [, word = '', session]) =>
      criterion === null
        ? null
        : facts.changes(look, criterion, /better|improved/.test(word) ? 'better' : 'worse', other(session)),
  },
  {
    asks: /compar\w*(?:.*\b(?:with|to|against) (\S+))?|baseline/,
    answer: (look, _question, [, session]) => overview.compareWith(look, other(session)),
  },
  {
    asks: /how many.*/,
    answer: (look, { text }) => {
      const kind = failureKinds.find((known) => new RegExp(`\\b${known.replace('-', '[- ]?')}`).test(text))
      if (kind !== undefined || /time(?:d)? out/.test(text)) return facts.howManyFailed(look, kind ?? 'timeout')
      if (/check/.test(text)) return facts.failedChecks(look)
      if (/fail|error/.test(text)) return facts.howManyFailed(look, null)
      if (/token/.test(text)) return facts.tokens(look)
      if (/judged|scored/.test(text)) return facts.howMany(look, 'judged')
      if (/answer/.test(text)) return facts.howMany(look, 'answered')
      if (/pending|left|remain|to do/.test(text)) return facts.howMany(look, 'pending')
      return facts.howMany(look, 'done')
    },
  },
  {
    asks: /\b(?:lowest|worst|weakest)/,
    answer: (look, { criterion }) => (criterion === null ? null : facts.extremesOf(look, criterion, 'lowest')),
  },
  {
    asks: /\b(?:highest|best)\b/,
    answer: (look, { criterion }) => (criterion === null ? null : facts.extremesOf(look, criterion, 'highest')),
  },
  { asks: /slow/, answer: (look) => facts.slowest(look) },
  { asks: /dearest|expensive|costliest/, answer: (look) => facts.dearest(look) },
  { asks: /how long|\beta\b|when.*(?:done|finish|ready)|time left/, answer: (look) => facts.timeLeft(look) },
  { asks: /latenc|fast|p50|p95|speed/, answer: (look) => facts.latency(look) },
  { asks: /token/, answer: (look) => facts.tokens(look) },
  { asks: /cost|spen[dt]|budget|money|price/, answer: (look) => facts.spending(look) },
  {
    asks: /check|validator/,
    answer: (look, { text }) =>
      /which.*fail|fail.*which/.test(text)
        ? facts.failedChecks(look)
        : facts.checksBy(look, /group/.test(text) ? 'group' : /tag/.test(text) ? 'tag' : 'type'),
  },
  {
    asks: /distribut|spread|histogram/,
    answer: (look, { criterion }) => (criterion === null ? null : facts.spreadOf(look, criterion)),
  },
  {
    asks: /mean|average|score|quality|rat(?:ed|ing)|good/,
    answer: (look, { criterion, namesCriterion }) =>
      criterion !== null && namesCriterion ? facts.meanOf(look, criterion) : overview.qualityScores(look),
  },
  { asks: /error|fail|problem|wrong|broken/, answer: (look) => overview.anyErrors(look) },
  { asks: /how.*(?:going|doing)|status|progress|state|summar|overview/, answer: (look) => overview.howIsItGoing(look) },
]

const unknown =
  'That is beyond the built-in analyst, which answers from fixed templates. It knows the prompts below, and questions about ' +
  'failures, scores, checks, latency, cost, tokens, the time left, single items (“show item” and its number), changes against another session ' +
  'and words in texts (“find "refund"”). Choose a model for anything else.'

/**
 * The built-in analyst: finds what a question asks for by its words and answers from the same tools that a
 * model would use. Deterministic, no model.
 */
export async function analyse(question: string, criteria: readonly string[], look: Look): Promise<string> {
  const text = question.toLowerCase().trim()
  const named = criteria.find((criterion) => text.includes(criterion) || text.includes(criterion.replaceAll('_', ' ')))
  const asked = { text, criterion: named ?? criteria[0] ?? null, namesCriterion: named !== undefined }
  for (const { asks, answer } of intents) {
    // Names keep their letters: sessions and searched words are taken from the question as it was written.
    const match = new RegExp(asks, 'i').exec(question)
    const found = match && answer(look, asked, match)
    if (found) return found
  }
  return unknown
}

/** A session that is named; "the baseline" and the like mean the default. */
function other(session: string | undefined): string | undefined {
  const name = session?.replace(/[?.,!]+$/, '')
  return name === undefined || /^(?:the|it|its|last|previous|baseline|before)$/.test(name) ? undefined : name
}
