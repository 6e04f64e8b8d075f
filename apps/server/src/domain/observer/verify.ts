import { citationPattern, findCitations, findFigures, type Figure, type FigureUnit } from '@proctor/schema'
import { foreignKeys, type Json } from './present.ts'

/** Everything that the tools of a conversation have said, ready to be looked up. */
export interface Evidence {
  values: Record<FigureUnit, Set<number>>
  /** Numbers of the items that a tool has shown. */
  items: Set<number>
  /** Names that have digits in them: of models, sessions, cases. */
  names: Set<string>
  /** Texts under test, by the item that they belong to; null where there is none. */
  foreign: { item: number | null; text: string }[]
}

export interface Verdict {
  /** Figures and citations as they are written that nothing holds, each once. */
  unverified: string[]
  /** Numbers of the cited items that there are. */
  cited: number[]
}

/** A shorter passage proves nothing: "10/10" is in many a text. */
const leastQuoteCharacters = 12
const tolerance = 1e-9

export function collectEvidence(results: readonly Json[]): Evidence {
  const evidence: Evidence = {
    values: { plain: new Set(), percent: new Set(), money: new Set(), duration: new Set(), score: new Set() },
    items: new Set(),
    names: new Set(),
    foreign: [],
  }
  for (const result of results) collect(result, '', null, evidence)
  return evidence
}

function collect(value: Json | undefined, key: string, item: number | null, into: Evidence): void {
  if (typeof value === 'number') {
    if (key === 'item') into.items.add(value)
    else into.values[unitOf(key)].add(Math.abs(value))
  } else if (typeof value === 'string') {
    if (foreignKeys.has(key)) into.foreign.push({ item, text: normal(value) })
    else if (/\d/.test(value) && /\p{L}/u.test(value)) into.names.add(value)
  } else if (Array.isArray(value)) for (const entry of value as readonly Json[]) collect(entry, key, item, into)
  else if (typeof value === 'object' && value !== null) {
    const record = value as Readonly<Record<string, Json | undefined>>
    const own = record['item']
    const of = typeof own === 'number' ? own : item
    for (const [name, entry] of Object.entries(record)) collect(entry, name, of, into)
  }
}

function unitOf(key: string): FigureUnit {
  if (key.endsWith('Usd')) return 'money'
  if (key.endsWith('Ms')) return 'duration'
  if (key.endsWith('Percent')) return 'percent'
  return /score$/i.test(key) ? 'score' : 'plain'
}

/** Whether each figure and citation of an answer stands in what the tools have said. */
export function verifyAnswer(text: string, evidence: Evidence): Verdict {
  const numbers = findCitations(text)
  const cited = numbers.filter((number) => evidence.items.has(number))
  const unknown = numbers.filter((number) => !evidence.items.has(number)).map((number) => `[#${number}]`)
  const rest = blankNames(blankItems(blankQuotes(blankScale(text), cited, evidence), evidence), evidence)
  const figures = findFigures(rest)
    .filter((figure) => !holds(evidence, figure))
    .map((figure) => figure.text)
  return { unverified: [...new Set([...unknown, ...figures])], cited }
}

/** A figure holds when a value of its kind rounds to it. */
function holds({ values }: Evidence, { value, unit, step }: Figure): boolean {
  if (value === null) return false
  const wanted = Math.abs(value)
  const near = (known: number) => Math.abs(known - wanted) <= step / 2 + tolerance * Math.max(1, wanted)
  const within = (kind: FigureUnit) => [...values[kind]].some(near)
  // Scores are mostly written bare.
  return within(unit) || (unit === 'plain' && within('score'))
}

/** The scale itself is no figure. */
function blankScale(text: string): string {
  return text.replaceAll(/(?<=\d\s?)(?:out of|of) 10(?![\d.,]*\d)/g, blank).replaceAll(/\b1(?: to |[-–])10\b/g, blank)
}

/** What an item says may be repeated as a quotation, where the item is cited. */
function blankQuotes(text: string, cited: readonly number[], evidence: Evidence): string {
  const isSaid = (passage: string) => {
    const wanted = normal(passage)
    return (
      wanted.length >= leastQuoteCharacters &&
      evidence.foreign.some(
        (entry) => (entry.item === null || cited.includes(entry.item)) && entry.text.includes(wanted),
      )
    )
  }
  return text
    .replaceAll(/“[^“”]+”|"[^"\n]+"|`[^`\n]+`/g, (quote) => (isSaid(quote.slice(1, -1)) ? blank(quote) : quote))
    .replaceAll(/^>.*$/gm, (line) => (isSaid(line.slice(1).replaceAll(citationPattern, '')) ? blank(line) : line))
}

/** `item 12` and `#12` cite as well. */
function blankItems(text: string, { items }: Evidence): string {
  return text.replaceAll(/(?:(?<!\[)#|\bitems? )(\d{1,7})\b(?![.,]?\d)/gi, (found, digits: string) =>
    items.has(Number(digits)) ? blank(found) : found,
  )
}

/** Names of models, sessions and cases have digits that mean nothing. */
function blankNames(text: string, { names }: Evidence): string {
  let left = text
  for (const name of [...names].toSorted((a, b) => b.length - a.length)) left = left.replaceAll(name, blank)
  return left
}

function blank(text: string): string {
  return ' '.repeat(text.length)
}

function normal(text: string): string {
  // As it reads, whatever of Markdown was added or escaped.
  return text
    .replaceAll('\\', '')
    .replaceAll(/[“”"']/g, "'")
    .replaceAll(/[\s*_`…]+/g, ' ')
    .trim()
    .toLowerCase()
}
