import type { ErrorBody } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const caseCount = 5000

describe('export of a run', () => {
  let system: System
  let runId: string
  const path = (format: string, id = runId) => `${system.url}/export/runs/${id}.${format}`

  beforeAll(async () => {
    system = await startSystem()
    const { client } = system
    const { versionId } = await client.batch.suites.create.mutate({
      name: 'To be exported',
      cases: Array.from({ length: caseCount }, (_, index) => ({
        id: `c${index}`,
        // Every hundredth is a formula.
        prompt: index % 100 === 0 ? `=HYPERLINK("http://x","${index}")` : `Question ${index}, "quoted"\nand more`,
        tags: ['t'],
        validators: [{ type: 'max-words', value: 1 }],
      })),
    })
    const created = await client.batch.create.mutate({
      suiteVersionId: versionId,
      model: 'openai:sim-small',
      concurrency: 128,
      tag: { mode: 'manual', sessionId: 'my:session.1' },
    })
    runId = created.runId
    await waitForRun(client, runId, ['completed'], 100_000)
  }, 120_000)
  afterAll(() => system?.close())

  it('has every item as a line of JSON, in order', async () => {
    const response = await fetch(path('jsonl'))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/x-ndjson')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="my-session.1.jsonl"')
    const lines = (await response.text()).trimEnd().split('\n')
    const items = lines.map((line) => JSON.parse(line) as { position: number; checks: unknown[]; messages: unknown[] })
    expect(items.map(({ position }) => position)).toEqual(Array.from({ length: caseCount }, (_, index) => index))
    const detail = await system.client.batch.items.query({ runId, limit: 1 })
    const stored = await system.client.batch.item.query({ itemId: detail.items[0]?.id ?? '' })
    expect(items[0]).toMatchObject({
      caseId: 'c0',
      state: 'answered',
      tags: ['t'],
      turns: ['=HYPERLINK("http://x","0")'],
      checks: stored.validatorResults,
    })
    expect(items[0]?.messages.at(-1)).toEqual({
      role: 'assistant',
      turn: 1,
      content: stored.messages.at(-1)?.content,
    })
  })

  it('has every item as a row of CSV that no spreadsheet runs', async () => {
    const response = await fetch(path('csv'))
    const rows = parseCsv(await response.text())
    expect(rows).toHaveLength(caseCount + 1)
    const [header = []] = rows
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([header.length]))
    const prompt = header.indexOf('prompt')
    expect(rows[1]?.[prompt]).toBe(`'=HYPERLINK("http://x","0")`)
    expect(rows[2]?.[prompt]).toBe('Question 1, "quoted"\nand more')
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })

  it('goes on serving after a reader left in the middle', async () => {
    const controller = new AbortController()
    const response = await fetch(path('jsonl'), { signal: controller.signal })
    const first = await response.body?.getReader().read()
    expect(first?.done).toBe(false)
    controller.abort()
    const again = await fetch(path('csv'))
    expect(parseCsv(await again.text())).toHaveLength(caseCount + 1)
  })

  it.each([
    ['an unknown run', () => path('jsonl', '00000000-0000-7000-8000-000000000000')],
    ['an id that is none', () => path('csv', 'nonsense')],
    ['another format', () => path('xlsx')],
  ])('answers %s with a JSON error', async (_, url) => {
    const response = await fetch(url())
    expect(response.status).toBe(404)
    const { error } = (await response.json()) as { error: ErrorBody }
    expect(error).toMatchObject({ code: 'not-found', field: 'runId' })
    expect(error.mend).not.toBe('')
    expect(error.requestId).toBe(response.headers.get('x-request-id'))
    expect(response.headers.get('content-disposition')).toBeNull()
  })

  it('is closed to pages of other sites', async () => {
    const response = await fetch(path('jsonl'), { headers: { origin: 'http://evil.example' } })
    expect(response.status).toBe(403)
  })
})

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
