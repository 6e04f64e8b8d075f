import { describe, expect, it } from 'vitest'
import { casesOf, guessMapping, type Table } from '../src/features/suites/column-mapping.ts'
import { readTable } from '../src/features/suites/read-table.ts'

const tableOf = async (text: string): Promise<Table> => {
  const table = await readTable(text)
  if ('problems' in table) throw new Error(table.problems.join(' '))
  return table
}

describe('import of a table', () => {
  it('guesses what the columns hold by their names', () => {
    expect(guessMapping(['Question', 'ideal', 'Category', 'weight', 'tags'])).toEqual([
      'prompt',
      'expected',
      'group',
      null,
      'tags',
    ])
    expect(guessMapping(['id', 'what to ask', 'answer'])).toEqual(['id', 'prompt', 'expected'])
    expect(guessMapping(['prompt', 'question'])).toEqual(['prompt', null])
  })

  it('reads quotes, line breaks inside of cells, byte order marks, CRLF and empty lines', async () => {
    const table = await tableOf('\uFEFFid,prompt,tags\r\na,"Say ""hi"",\r\nplease","x; y"\r\n\r\nb,Second,\r\n')
    const { cases, problems } = casesOf(table, guessMapping(table.columns))
    expect(problems).toEqual([])
    expect(cases).toEqual([
      { id: 'a', prompt: 'Say "hi",\r\nplease', tags: ['x', 'y'] },
      { id: 'b', prompt: 'Second' },
    ])
    // The second case stands on line 5 of the file: one cell before it has a break, and one line is empty.
    expect(table.rows.map(({ line }) => line)).toEqual([2, 5])
  })

  it('reads tabs, and numbers the cases of a table without ids', async () => {
    const table = await tableOf('question\tanswer\n2+2?\t4\n3+3?\t6\n')
    expect(casesOf(table, guessMapping(table.columns)).cases).toEqual([
      { id: '1', prompt: '2+2?', expected: '4' },
      { id: '2', prompt: '3+3?', expected: '6' },
    ])
  })

  it('says by line what is wrong', async () => {
    const table = await tableOf('id,prompt\na,Hi\na,Ho\nb\nc,\n')
    const { problems } = casesOf(table, guessMapping(table.columns))
    expect(problems.join('\n')).toMatch(/Line 3, id: .*used twice/)
    expect(problems.join('\n')).toMatch(/Line 4 has 1 cells/)
    expect(problems.join('\n')).toMatch(/Line 5, prompt: A prompt must not be empty/)
    expect(casesOf(table, [null, null]).problems).toEqual(['Say which column holds the prompt.'])
  })

  it('refuses what is no table', async () => {
    expect(await readTable('')).toMatchObject({ problems: [expect.stringContaining('names its columns')] })
    expect(await readTable('a,b\n"never closed,x\n')).toMatchObject({ problems: [expect.stringContaining('Line 2')] })
  })

  it('reads ten thousand rows', async () => {
    const text = `prompt\n${Array.from({ length: 10_000 }, (_, index) => `Question ${index}`).join('\n')}`
    const table = await tableOf(text)
    const { cases, problems } = casesOf(table, guessMapping(table.columns))
    expect(problems).toEqual([])
    expect(cases).toHaveLength(10_000)
  })
})
