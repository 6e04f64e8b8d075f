import { describe, expect, it } from 'vitest'
import type { ItemToJudge, PendingItem } from '../../src/domain/run-ports.ts'
import { JudgeSource, PendingSource } from '../../src/workflows/run-batch/sources.ts'

const pending = (position: number) => ({ id: `i${position}`, position }) as PendingItem
const waiting = (position: number) => ({ id: `i${position}`, position }) as ItemToJudge

/** Waits until everything that can go on without time has gone on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('the source of pending items', () => {
  it('hands out each item once, in order, page by page, to any number of takers', async () => {
    const all = Array.from({ length: 600 }, (_, position) => pending(position))
    const source = new PendingSource((after, limit) =>
      Promise.resolve(all.filter((item) => item.position > after).slice(0, limit)),
    )
    const taken: number[] = []
    const taker = async () => {
      for (let item = await source.next(); item; item = await source.next()) taken.push(item.position)
    }
    await Promise.all(Array.from({ length: 20 }, taker))
    expect(taken.toSorted((a, b) => a - b)).toEqual(all.map((item) => item.position))
    expect(await source.next()).toBeNull()
  })
})

describe('the source of answers to judge', () => {
  it('begins with what waits in the database', async () => {
    const source = new JudgeSource(() => Promise.resolve([waiting(3), waiting(7)]))
    expect([(await source.next())?.position, (await source.next())?.position]).toEqual([3, 7])
  })

  it('hands out what is pushed without asking the database again', async () => {
    let scans = 0
    const source = new JudgeSource(() => {
      scans += 1
      return Promise.resolve([])
    })
    const first = source.next()
    await settle()
    source.push(waiting(1))
    source.push(waiting(2))
    expect((await first)?.position).toBe(1)
    expect((await source.next())?.position).toBe(2)
    expect(scans).toBe(1)
  })

  it('keeps a bounded number in memory and finds the others in the database, each once', async () => {
    const database = new Map<string, ItemToJudge>()
    const source = new JudgeSource((_, limit) => Promise.resolve([...database.values()].slice(0, limit)))
    const total = 2000
    const seen: string[] = []
    const judge = async () => {
      for (let item = await source.next(); item; item = await source.next()) {
        seen.push(item.id)
        await settle()
        database.delete(item.id)
        source.release(item.id)
      }
    }
    const judges = Promise.all(Array.from({ length: 8 }, judge))
    await settle()
    for (let position = 0; position < total; position++) {
      database.set(`i${position}`, waiting(position))
      source.push(waiting(position))
      if (position % 500 === 0) await settle()
    }
    source.close()
    await judges
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
    expect(database.size).toBe(0)
  })

  it('does not hand out again what is being judged when it looks into the database', async () => {
    const source = new JudgeSource(() => Promise.resolve([waiting(1), waiting(2)]))
    expect((await source.next())?.position).toBe(1)
    expect((await source.next())?.position).toBe(2)
    source.rescan()
    source.close()
    expect(await source.next()).toBeNull()
  })

  it('gives nothing more once it is stopped, to those who wait as well', async () => {
    const source = new JudgeSource(() => Promise.resolve([]))
    const waitingTaker = source.next()
    await settle()
    source.stop()
    expect(await waitingTaker).toBeNull()
    source.push(waiting(1))
    expect(await source.next()).toBeNull()
  })
})
