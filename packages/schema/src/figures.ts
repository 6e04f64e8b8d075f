/** Figures in running text: both the check of an answer and the page that marks it read them the same way. */

export type FigureUnit = 'plain' | 'percent' | 'money' | 'duration' | 'score'

/** A number as somebody wrote it. */
export interface Figure {
  /** As it stands in the text, its unit included. */
  text: string
  start: number
  end: number
  /** In percent, dollars, milliseconds or points; null for what is no plain number: a time, a date, a name. */
  value: number | null
  unit: FigureUnit
  /** What the last digit written is worth, in the same unit. */
  step: number
}

/** `[#182]`: item 182 of the run. */
export const citationPattern = /\[#(\d{1,7})\]/g

const word = /[^\s|()[\]{}"“”‘’`*<>;!?]+/gu
const number = /^([-−+~≈±]*)(\$|US\$)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([a-zA-Zµ%×]*)$/u
const fraction = /^(\d+(?:\.\d+)?)\/(10|\d[\d,]*)$/
/** What is called so is no figure. */
const vocabulary = /^(?:[pP]\d\d|top-\d+|[1-9](?:st|nd|rd|th)|[12]\d(?:st|nd|rd|th)|\d-to-\d+)$/

const millisecondsOf: Record<string, number> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
}
const factorOf: Record<string, number> = { k: 1000, K: 1000, M: 1_000_000, x: 1, '×': 1, '': 1 }

/** Every figure of a text, in order; citations and the numbers of a list's lines are none. */
export function findFigures(text: string): Figure[] {
  // Same length, so that places stay what they are.
  const plain = text.replaceAll(citationPattern, (cited) => ' '.repeat(cited.length))
  const words = [...plain.matchAll(word)].map((match) => trimWord(match[0], match.index))
  return words.flatMap(({ text: token, start, isLineNumber }, index) => {
    if (!/\d/.test(token) || isLineNumber || vocabulary.test(token)) return []
    const next = words[index + 1]
    const gap = next ? plain.slice(start + token.length, next.start) : ''
    return readWord(plain, token, start, next && gap === ' ' ? next : null)
  })

  function trimWord(raw: string, at: number) {
    const lead = /^[_~,.:#=]*/u.exec(raw)?.[0].length ?? 0
    const trimmed = raw.slice(lead).replace(/[_.,:…]+$/u, '')
    const isLineNumber = /^\d{1,2}[.)]$/.test(plain.slice(at, at + raw.length + 1).trim()) && startsLine(plain, at)
    return { text: trimmed, start: at + lead, isLineNumber }
  }
}

function startsLine(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  return text.slice(lineStart, at).trim() === ''
}

function readWord(
  source: string,
  token: string,
  start: number,
  next: { text: string; start: number } | null,
): Figure[] {
  const parts = fraction.exec(token)
  if (parts) return readFraction(parts, token, start)
  const range = /^(\d[\d,.]*\d|\d)[–-](\d[\d,.]*[a-zA-Z%]*)$/.exec(token)
  if (range?.[1] !== undefined && range[2] !== undefined) {
    const second = start + token.length - range[2].length
    return [...readWord(source, range[1], start, null), ...readWord(source, range[2], second, next)]
  }
  const match = number.exec(token)
  if (!match) return [{ text: token, start, end: start + token.length, value: null, unit: 'plain', step: 0 }]
  const [, sign = '', dollar, whole = '', decimals = '', suffix = ''] = match
  const amount = Number(`${whole.replaceAll(',', '')}${decimals}`) * (/[-−]/.test(sign) ? -1 : 1)
  const step = 10 ** -Math.max(0, decimals.length - 1)
  const end = start + token.length
  const figure = (unit: FigureUnit, factor: number, until = end): Figure => ({
    text: source.slice(start, until),
    start,
    end: until,
    value: amount * factor,
    unit,
    step: step * factor,
  })
  if (dollar) return [figure('money', factorOf[suffix] ?? 1)]
  if (suffix === '%') return [figure('percent', 1)]
  const ownMs = millisecondsOf[suffix]
  if (suffix !== '' && ownMs !== undefined) return [figure('duration', ownMs)]
  const factor = factorOf[suffix]
  if (factor === undefined) return [{ ...figure('plain', 1), value: null }]
  if (next && suffix === '') {
    const until = next.start + next.text.length
    if (/^(?:%|percent)$/i.test(next.text)) return [figure('percent', 1, until)]
    if (/^(?:USD|dollars?)$/i.test(next.text)) return [figure('money', 1, until)]
    const nextMs = millisecondsOf[next.text]
    if (nextMs !== undefined) return [figure('duration', nextMs, until)]
  }
  return [figure('plain', factor)]
}

/** `8.4/10` is a score; `20/100` are two counts. */
function readFraction([, left = '', right = '']: RegExpExecArray, token: string, start: number): Figure[] {
  const one = (text: string, at: number, unit: FigureUnit): Figure => ({
    text,
    start: at,
    end: at + text.length,
    value: Number(text.replaceAll(',', '')),
    unit,
    step: 10 ** -(text.split('.')[1]?.length ?? 0),
  })
  if (right === '10') return [{ ...one(left, start, 'score'), text: token, end: start + token.length }]
  return [one(left, start, 'plain'), one(right, start + token.length - right.length, 'plain')]
}

/** Numbers of the items that a text cites, each once, in order. */
export function findCitations(text: string): number[] {
  return [...new Set([...text.matchAll(citationPattern)].map(([, digits]) => Number(digits)))]
}
