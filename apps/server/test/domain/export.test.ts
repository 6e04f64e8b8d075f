import { describe, expect, it } from 'vitest'
import { csvHeader, csvLine, csvRow } from '../../src/domain/export/csv.ts'
import { exportColumns, type ExportedItem } from '../../src/domain/export/exported-item.ts'
import { jsonlLine } from '../../src/domain/export/jsonl.ts'

const evidence = { reasoning: 'Because.', quotes: [], inventedQuotes: 0, confidence: 1, suggestions: [] }
const item: ExportedItem = {
  position: 0,
  caseId: 'c1',
  repeat: 1,
  state: 'judged',
  tags: ['a', 'b'],
  group: null,
  system: null,
  turns: ['One', 'Two'],
  expected: null,
  notes: null,
  messages: [
    { role: 'user', turn: 1, content: 'One' },
    { role: 'assistant', turn: 1, content: 'First "answer"' },
    { role: 'user', turn: 2, content: 'Two' },
    { role: 'assistant', turn: 2, content: '=SUM(A1)' },
  ],
  judgments: [
    { criterion: 'clarity', judgeModel: 'a:x', score: 4, passed: false, threshold: 7, evidence },
    {
      criterion: 'clarity',
      judgeModel: 'a:y',
      score: 8,
      passed: true,
      threshold: 7,
      evidence: { ...evidence, reasoning: 'Newer.' },
    },
  ],
  scores: [{ criterion: 'clarity', score: 8, passed: true }],
  checks: [
    { validator: { type: 'max-words', value: 1 }, passed: false, explanation: 'It has 2 words.' },
    { validator: { type: 'max-words', value: 9 }, passed: true, explanation: null },
  ],
  failure: null,
  attempts: 1,
  latencyMs: 12.5,
  timeToFirstTokenMs: null,
  inputTokens: 3,
  outputTokens: 4,
  costMicros: null,
}

describe('CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=x'])('keeps a spreadsheet from running %j', (text) => {
    expect(csvLine([text]).replace(/^"/, '')).toMatch(/^'/)
  })

  it('leaves numbers, and texts that only contain such a sign, alone', () => {
    expect(csvLine([-1.5, 'a=b', ' =x', '', null, true])).toBe('-1.5,a=b, =x,,,true\r\n')
  })

  it('quotes commas, quotes and line breaks, also behind the guard', () => {
    expect(csvLine(['a,b', 'say "no"', 'two\nlines', '=HYPERLINK("x","y")'])).toBe(
      `"a,b","say ""no""","two\nlines","'=HYPERLINK(""x"",""y"")"\r\n`,
    )
  })

  it('has a cell in every row for each column of the header', () => {
    const columns = exportColumns([
      { criterion: 'clarity', judgeModel: 'a:x', n: 1 },
      { criterion: 'clarity', judgeModel: 'a:y', n: 1 },
      { criterion: 'safety', judgeModel: 'a:x', n: 2 },
      { criterion: 'depth', judgeModel: 'a:x', n: 0 },
    ])
    const header = csvHeader(columns).trimEnd().split(',')
    const row = csvRow({ ...item, turns: ['One'], messages: [] }, columns)
      .trimEnd()
      .split(',')
    const cells = Object.fromEntries(header.map((name, index) => [name, row[index]]))
    expect(row).toHaveLength(header.length)
    expect(cells).toMatchObject({
      position: '1',
      tags: 'a b',
      prompt: 'One',
      answer: '',
      score_clarity: '8',
      passed_clarity: 'true',
      reasoning_clarity: 'Newer.',
      'score_clarity a:x': '4',
      'score_clarity a:y': '8',
      score_safety: '',
      checks_passed: '1',
      checks_total: '2',
      failed_checks: 'max-words: It has 2 words.',
      latency_ms: '12.5',
      cost_micro_usd: '',
    })
    expect(header).not.toContain('score_depth')
    expect(header).not.toContain('score_safety a:x')
  })

  it('joins turns and answers in one cell each', () => {
    const row = csvRow(item, { criteria: [], judged: [] })
    expect(row).toContain('"One\n\nTwo"')
    expect(row).toContain('"First ""answer""\n\n=SUM(A1)"')
  })
})

describe('JSONL', () => {
  it('is one line of JSON an item, with nothing lost', () => {
    const line = jsonlLine({ ...item, caseId: 'two\nlines' })
    expect(line.split('\n')).toHaveLength(2)
    expect(JSON.parse(line)).toEqual({ ...item, caseId: 'two\nlines' })
  })
})
