import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import { freePace, takeSlots } from '../../src/domain/scheduler/pace.ts'
import type { Database } from '../../src/persistence/database.ts'
import { createPaceStore } from '../../src/persistence/pace-store.ts'

describe.each(testDatabases)('pace store on $name', ({ open }) => {
  let database: Database
  beforeAll(async () => void (database = await open()))
  afterAll(() => database?.close())

  it('knows nothing of a model that nobody has called', async () => {
    expect(await createPaceStore(database).read('openai:unknown')).toBeNull()
  })

  it('keeps a pace, and tells the time of the database', async () => {
    const store = createPaceStore(database)
    const changed = await store.change('openai:kept', (pace) => ({ ...pace, requestsPerMinute: 60 }))
    expect(changed.pace).toEqual({ ...freePace, requestsPerMinute: 60 })
    expect(Math.abs(changed.nowMs - Date.now())).toBeLessThan(60_000)
    expect((await store.read('openai:kept'))?.pace).toEqual(changed.pace)
  })

  it('gives no slot twice, however many take at once', async () => {
    const store = createPaceStore(database)
    await store.change('openai:shared', (pace) => ({ ...pace, requestsPerMinute: 6000 }))
    const slots: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, () =>
        store.change('openai:shared', (pace, nowMs) => {
          const taken = takeSlots(pace, nowMs, 5, 1)
          slots.push(...taken.slotsMs)
          return taken.pace
        }),
      ),
    )
    const sorted = slots.toSorted((a, b) => a - b)
    expect(sorted).toHaveLength(100)
    sorted.slice(1).forEach((atMs, index) => expect(atMs - (sorted[index] ?? 0)).toBeGreaterThan(9.99))
  })
})
