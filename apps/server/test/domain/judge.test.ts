import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInCriteria } from '../../src/domain/judge/criteria.ts'
import { buildJudgeRequest, buildRepairRequest } from '../../src/domain/judge/prompt.ts'
import { isSampled } from '../../src/domain/judge/sampling.ts'
import { parseVerdict } from '../../src/domain/judge/verdict.ts'
import type { JudgeSubject } from '../../src/domain/ports.ts'

const [helpfulness, accuracy] = builtInCriteria as [(typeof builtInCriteria)[0], (typeof builtInCriteria)[0]]
const answer = 'Returns are free\n within 30 days.'
const verdictOf = (changes: object = {}) => ({
  reasoning: 'It names the period.',
  quotes: ['free within 30 days'],
  score: 8,
  confidence: 0.9,
  suggestions: [],
  ...changes,
})
const parse = (reply: unknown, criteria = [helpfulness]) =>
  parseVerdict(typeof reply === 'string' ? reply : JSON.stringify(reply), criteria, answer, 7)

const subject: JudgeSubject = {
  messageId: 'm',
  runId: null,
  itemId: null,
  conversation: [
    { role: 'user', content: 'First question' },
    { role: 'assistant', content: 'First answer' },
    { role: 'user', content: 'Is it free?' },
    { role: 'assistant', content: answer },
  ],
  system: null,
  expected: '30 days',
  notes: null,
}

describe('the judge is asked', () => {
  const request = buildJudgeRequest(subject, [helpfulness, accuracy], 'j', 'abcdef01')
  const text = request.messages[0]?.content ?? ''

  it('for all criteria at once, at temperature 0, reasoning before score', () => {
    expect(request.temperature).toBe(0)
    const schema = request.responseSchema?.schema as {
      required: string[]
      properties: Record<string, { properties: object }>
    }
    expect(schema.required).toEqual(['helpfulness', 'accuracy'])
    expect(Object.keys(schema.properties['accuracy']?.properties ?? {})).toEqual([
      'reasoning',
      'quotes',
      'score',
      'confidence',
      'suggestions',
    ])
  })

  it('with the four anchors of each criterion and the reference', () => {
    for (const score of [1, 4, 7, 10] as const) expect(text).toContain(`${score}: ${accuracy.anchors[score]}`)
    expect(text).toContain('<reference-abcdef01>\n30 days\n</reference-abcdef01>')
    expect(text).not.toContain('<notes-')
  })

  it('with the answer fenced byte for byte and earlier turns apart', () => {
    expect(text).toContain(`<answer-abcdef01>\n${answer}\n</answer-abcdef01>`)
    expect(text).toContain('<question-abcdef01>\nIs it free?\n</question-abcdef01>')
    expect(text).toContain(
      '<conversation-abcdef01>\nuser: First question\n\nassistant: First answer\n</conversation-abcdef01>',
    )
  })

  it('again with the problem named after a verdict that cannot be used', () => {
    const repair = buildRepairRequest(request, '', 'it is not a JSON object.')
    expect(repair.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user'])
    expect(repair.messages[2]?.content).toContain('it is not a JSON object.')
  })
})

describe('a verdict', () => {
  it('passes at the threshold and keeps its evidence', () => {
    expect(parse({ helpfulness: verdictOf({ score: 7 }) })).toEqual({
      ok: true,
      verdicts: [
        {
          criterion: 'helpfulness',
          score: 7,
          passed: true,
          evidence: {
            reasoning: 'It names the period.',
            quotes: ['free within 30 days'],
            inventedQuotes: 0,
            confidence: 0.9,
            suggestions: [],
          },
        },
      ],
    })
  })

  it('keeps only quotes that occur in the answer, white space aside, and counts the others', () => {
    const parsed = parse({ helpfulness: verdictOf({ quotes: ['free within 30 days', 'within 60 days', ''] }) })
    expect(parsed.ok && parsed.verdicts[0]?.evidence).toMatchObject({
      quotes: ['free within 30 days'],
      inventedQuotes: 2,
    })
  })

  it('is read out of a code fence', () => {
    expect(parse('Here it is:\n```json\n' + JSON.stringify({ helpfulness: verdictOf() }) + '\n```').ok).toBe(true)
  })

  it('may be a half point', () => {
    const parsed = parse({ helpfulness: verdictOf({ score: 8.5 }) })
    expect(parsed.ok && parsed.verdicts[0]?.score).toBe(8.5)
  })

  it.each([
    ['a score of 0', { helpfulness: verdictOf({ score: 0 }) }, 'helpfulness.score: the score is below 1'],
    ['a score of 11', { helpfulness: verdictOf({ score: 11 }) }, 'helpfulness.score: the score is above 10'],
    ['a score of 7.3', { helpfulness: verdictOf({ score: 7.3 }) }, 'neither a whole nor a half point'],
    ['a score in words', { helpfulness: verdictOf({ score: '8' }) }, 'helpfulness.score'],
    ['no reasoning', { helpfulness: verdictOf({ reasoning: undefined }) }, 'helpfulness.reasoning'],
    ['a confidence of 2', { helpfulness: verdictOf({ confidence: 2 }) }, 'helpfulness.confidence'],
    ['a missing criterion', { accuracy: verdictOf() }, 'the criterion "helpfulness" is missing'],
    ['an array', [verdictOf()], 'the criterion "helpfulness" is missing'],
    ['half a reply', '{"helpfulness": {"reasoning": "It', 'not a JSON object'],
    ['nothing', '', 'not a JSON object'],
  ])('with %s cannot be used, and says why', (_, reply, problem) => {
    const parsed = parse(reply)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? '' : parsed.problem).toContain(problem)
  })

  it('never yields a score outside 1 to 10, whatever the judge writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer({ min: -3, max: 14 }), fc.string()), (score) => {
        const parsed = parse({ helpfulness: verdictOf({ score }) })
        if (parsed.ok) for (const entry of parsed.verdicts) expect(entry.score >= 1 && entry.score <= 10).toBe(true)
      }),
    )
  })
})

describe('the judged sample', () => {
  it('is the same for every run and close to the share', () => {
    const ids = Array.from({ length: 5000 }, (_, index) => `case-${index}`)
    const chosen = ids.filter((id) => isSampled(id, 1, 0.2))
    expect(ids.filter((id) => isSampled(id, 1, 0.2))).toEqual(chosen)
    // Binomial(5000, 0.2): five standard deviations are 141.
    expect(Math.abs(chosen.length - 1000)).toBeLessThan(141)
  })

  it('grows with the share: a smaller sample is part of a larger one', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 5 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (id, repeat, a, b) => {
          if (isSampled(id, repeat, Math.min(a, b))) expect(isSampled(id, repeat, Math.max(a, b))).toBe(true)
        },
      ),
    )
  })
})
