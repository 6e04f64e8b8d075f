import { describe, expect, it } from 'vitest'
import { parseSuite } from '../src/features/suites/parse-suite.ts'

const problemsOf = (text: string, name: string) => {
  const parsed = parseSuite(text, name)
  return parsed.ok ? [] : parsed.problems
}

describe('a suite file', () => {
  it('in our own format keeps its name', () => {
    const parsed = parseSuite('{"name":"Greetings","cases":[{"id":"a","prompt":"Hi"}]}', 'x.json')
    expect(parsed.ok && parsed.suite).toMatchObject({ name: 'Greetings', cases: [{ id: 'a', turns: ['Hi'] }] })
  })

  it('of JSON Lines, with a byte order mark and Windows line ends, takes its name from the file', () => {
    const parsed = parseSuite(
      '\uFEFF{"id":"a","prompt":"Hi"}\r\n\r\n{"id":"b","prompt":"Ho"}\r\n',
      'greetings.v2.jsonl',
    )
    expect(parsed.ok && [parsed.suite.name, parsed.suite.cases.length]).toEqual(['greetings.v2', 2])
  })

  it('that is broken says at which line or case', () => {
    expect(problemsOf('{"name": ', 'x.json')[0]).toContain('not JSON')
    expect(problemsOf('{"id":"a","prompt":"Hi"}\n{"id":', 'x.jsonl')).toEqual(['Line 2 is not JSON.'])
    expect(problemsOf('[{"id":"a","prompt":"Hi"},{"id":"b"}]', 'x.json')[0]).toMatch(/^Case 2, prompt: Give either/)
    expect(problemsOf('[{"id":"a","prompt":"1"},{"id":"a","prompt":"2"}]', 'x.json')[0]).toContain('used twice')
    expect(problemsOf('[]', 'x.json')[0]).toContain('at least one case')
  })

  it('with very many problems names the first and counts the others', () => {
    const cases = JSON.stringify(Array.from({ length: 30 }, (_, index) => ({ id: `c${index}` })))
    expect(problemsOf(cases, 'x.json')).toHaveLength(11)
    expect(problemsOf(cases, 'x.json').at(-1)).toBe('and 20 more')
  })
})
