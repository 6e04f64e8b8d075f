import type { RunDetail } from '@proctor/schema'
import { describe, expect, it } from 'vitest'
import type { ExportedItem } from '../../src/domain/export/exported-item.ts'
import { exportRun } from '../../src/workflows/export-run.ts'

const run = { id: 'r', progress: { quality: [] } } as unknown as RunDetail
const row = (position: number) =>
  ({ position, turns: [], tags: [], messages: [], scores: [], judgments: [], checks: [] }) as unknown as ExportedItem

/** A run of so many items, and the pages that were read of it. */
function runOf(count: number) {
  const read: number[] = []
  return {
    read,
    store: {
      get: async () => run,
      exportItems: async (_runId: string, after: number, limit: number) => {
        read.push(after)
        return Array.from({ length: Math.min(limit, count - after - 1) }, (_, index) => row(after + 1 + index))
      },
    },
  }
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

describe('exportRun', () => {
  it.each([0, 1, 199, 200, 201, 1000])('has each of %i items once', async (count) => {
    const { chunks } = await exportRun(runOf(count).store, 'r', 'jsonl')
    const lines = (await textOf(chunks)).split('\n').slice(0, -1)
    expect(lines.map((line) => (JSON.parse(line) as ExportedItem).position)).toEqual(
      Array.from({ length: count }, (_, index) => index),
    )
  })

  it('reads a page only when the one before it was taken, and none after its reader has left', async () => {
    const { store, read } = runOf(1000)
    const { chunks } = await exportRun(store, 'r', 'jsonl')
    expect(read).toEqual([])
    await chunks.next()
    expect(read).toEqual([-1])
    await chunks.next()
    expect(read).toEqual([-1, 199])
    await chunks.return()
    expect((await chunks.next()).done).toBe(true)
    expect(read).toEqual([-1, 199])
  })

  it('gives a table without items its header', async () => {
    const { chunks } = await exportRun(runOf(0).store, 'r', 'csv')
    expect(await textOf(chunks)).toMatch(/^position,case_id,[^\n]*\r\n$/)
  })

  it('refuses a run that does not exist before anything is sent', async () => {
    await expect(exportRun({ ...runOf(1).store, get: async () => null }, 'r', 'csv')).rejects.toThrow('no such run')
  })
})
