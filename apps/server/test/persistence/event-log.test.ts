import { runEventSchema } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { EventLog } from '../../src/domain/run-ports.ts'
import type { Database } from '../../src/persistence/database.ts'
import { createEventLog } from '../../src/persistence/runs/event-log.ts'
import {
  answered,
  answerId,
  failedJudgeCall,
  judgeCall,
  judged,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

describe.each(testDatabases)('event log on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  let log: EventLog
  beforeAll(async () => {
    stores = await openRunStores((database = await open()))
    log = await createEventLog(database)
  })
  afterAll(() => database?.close())

  it('tells a run from its first event to its last, in shapes that the wire knows', async () => {
    const { runId, epoch, items, record } = await stores.createDriven({ cases: 2 })
    const [one, two] = [answered(items[0]!), answered(items[1]!)]
    await record({ type: 'started', itemId: one.itemId }, one, two)
    await record(
      judged(one.itemId, judgeCall(answerId(one), { quality: 7 })),
      judged(two.itemId, failedJudgeCall(answerId(two))),
    )
    await stores.driver.finish(runId, epoch, { type: 'done' })
    const events = await log.read(runId, 0, 100)
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event)
    expect(events.map(({ seq, body }) => `${seq} ${body.type}`)).toEqual([
      '1 status',
      '2 item',
      '3 item',
      '4 progress',
      '5 item',
      '6 item',
      '7 progress',
      '8 status',
    ])
    const shown = await stores.runs.get(runId)
    expect(events[6]?.body).toEqual({ type: 'progress', progress: shown?.progress })
    const [{ seq: _, ...row }] = (await stores.items(runId)) as [Awaited<ReturnType<typeof stores.items>>[0]]
    expect(events[4]?.body).toEqual({ type: 'item', item: row })
    expect(shown?.lastEventSeq).toBe(8)
  })

  it('reads on after a number, as many as are asked for', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 5 })
    await record(...items.map((item) => answered(item)))
    const seqs = async (after: number, limit: number) => (await log.read(runId, after, limit)).map(({ seq }) => seq)
    expect(await seqs(0, 3)).toEqual([1, 2, 3])
    expect(await seqs(3, 3)).toEqual([4, 5, 6])
    expect(await seqs(6, 3)).toEqual([7])
    expect(await seqs(7, 3)).toEqual([])
  })

  it('has every event to read by the time that it brings the news', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 8 })
    const other = await stores.createDriven()
    const seen: number[] = []
    let reading: Promise<unknown> = Promise.resolve()
    const stop = log.onNews(runId, () => {
      reading = reading.then(async () =>
        seen.push(...(await log.read(runId, seen.at(-1) ?? 0, 100)).map(({ seq }) => seq)),
      )
    })
    const otherNews = vi.fn<() => void>()
    log.onNews(other.runId, otherNews)
    const [first, ...rest] = items
    await record(answered(first!))
    await vi.waitFor(() => expect(seen.at(-1)).toBe(3), 10_000)
    // News comes in the order of the commits, so that of the other run's creation has passed by now.
    otherNews.mockClear()
    for (const item of rest) await record(answered(item))
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1 + 2 * items.length), 10_000)
    await reading
    expect(seen).toEqual(seen.map((_, index) => index + 1))
    expect(otherNews).not.toHaveBeenCalled()
    stop()
    await other.record(answered(other.items[0]!))
    await vi.waitFor(() => expect(otherNews).toHaveBeenCalledTimes(1), 10_000)
  })

  it('answers many readers of one spot at once, each with all', async () => {
    const { runId, items, record } = await stores.createDriven({ cases: 3 })
    await record(...items.map((item) => answered(item)))
    const reads = await Promise.all(Array.from({ length: 20 }, () => log.read(runId, 0, 100)))
    for (const events of reads) expect(events).toHaveLength(5)
  })
})
