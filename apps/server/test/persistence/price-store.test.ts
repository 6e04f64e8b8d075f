import type { ModelPrice } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { Database } from '../../src/persistence/database.ts'
import { createPriceStore } from '../../src/persistence/price-store.ts'
import { vendorPrices } from '../../src/persistence/vendor-prices.ts'
import { judgeSettings, openRunStores } from './support/run-fixture.ts'

const price = (effectiveFrom: string, inputMicrosPerMillion: number, model = 'openai:test-model'): ModelPrice => ({
  model,
  effectiveFrom,
  inputMicrosPerMillion,
  // Beyond 32 bits: $5000 per million.
  outputMicrosPerMillion: 5_000_000_000,
  cachedInputMicrosPerMillion: 0,
  source: 'a test',
})

describe.each(testDatabases)('price store on $name', ({ open }) => {
  let database: Database
  beforeAll(async () => void (database = await open()))
  afterAll(() => database?.close())

  it('gives the newest price at or before the day', async () => {
    const store = await createPriceStore(database)
    const [old, current, future] = [price('2026-01-01', 1), price('2026-03-01', 2), price('2026-05-01', 3)]
    for (const entry of [current, future, old]) await store.save(entry)
    const on = async (time: string) => (await store.pricesOn(new Date(time))).get('openai:test-model')

    expect(await on('2025-12-31T23:59:59.999Z')).toBeUndefined()
    expect(await on('2026-01-01T00:00:00Z')).toEqual(old)
    expect(await on('2026-02-28T23:59:59.999Z')).toEqual(old)
    expect(await on('2026-03-01T00:00:00Z')).toEqual(current)
    expect(await on('2027-01-01T12:00:00Z')).toEqual(future)
  })

  it('replaces the price of the same model and day', async () => {
    const store = await createPriceStore(database)
    await store.save(price('2026-01-01', 10, 'openai:twice'))
    await store.save(price('2026-01-01', 20, 'openai:twice'))
    expect((await store.pricesOn(new Date('2026-01-02'))).get('openai:twice')).toEqual(
      price('2026-01-01', 20, 'openai:twice'),
    )
  })

  it('has the prices of the vendors from the start', async () => {
    const prices = await (await createPriceStore(database)).pricesOn(new Date('2100-01-01'))
    for (const entry of vendorPrices) expect(prices.get(entry.model)).toBeDefined()
    const [first] = vendorPrices
    expect(prices.get(first!.model)).toEqual(first)
  })

  it("keeps a user's edit of a vendor's price when it opens again", async () => {
    const edited: ModelPrice = { ...vendorPrices[1]!, inputMicrosPerMillion: 1, source: 'our contract' }
    await (await createPriceStore(database)).save(edited)
    const again = await createPriceStore(database)
    const prices = await again.pricesOn(new Date('2100-01-01'))
    expect(prices.get(edited.model)).toEqual(edited)
    expect(await database.prisma.modelPrice.count({ where: { model: edited.model } })).toBe(1)
  })

  it('lists every price of a model, the newest first, and says which ones came with the list', async () => {
    const store = await createPriceStore(database)
    const [vendor] = vendorPrices
    const mine = price('2026-02-01', 7, vendor!.model)
    await store.save(mine)
    const listed = (await store.listAll()).filter(({ model }) => model === vendor!.model)
    expect(listed).toEqual([
      { ...mine, fromList: false },
      { ...vendor, fromList: true },
    ])
  })

  it("takes a user's price back; one of the list returns to what the list says", async () => {
    const store = await createPriceStore(database)
    const mine = price('2026-01-01', 7, 'openai:taken-back')
    await store.save(mine)
    expect(await store.remove(mine)).toBe(true)
    expect(await store.remove(mine)).toBe(false)
    expect((await store.pricesOn(new Date('2027-01-01'))).has(mine.model)).toBe(false)

    const vendor = vendorPrices.at(-1)!
    await store.save({ ...vendor, inputMicrosPerMillion: 99, source: 'wrong' })
    expect(await store.remove(vendor)).toBe(true)
    expect((await store.pricesOn(new Date('2100-01-01'))).get(vendor.model)).toEqual(vendor)
  })

  it('names the models of runs and judges that have no price', async () => {
    const store = await createPriceStore(database)
    const stores = await openRunStores(database)
    await stores.createRun({ model: 'openai:nobody-knows', judge: judgeSettings('anthropic:nobody-either') })
    expect(await store.unpricedModels()).toEqual(
      expect.arrayContaining(['anthropic:nobody-either', 'openai:nobody-knows']),
    )
    await store.save(price('2030-01-01', 1, 'openai:nobody-knows'))
    expect(await store.unpricedModels()).not.toContain('openai:nobody-knows')
  })
})
