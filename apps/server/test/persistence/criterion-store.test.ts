import { savedCriterionSchema } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { CriterionStore } from '../../src/domain/ports.ts'
import { createCriterionStore } from '../../src/persistence/criterion-store.ts'
import type { Database } from '../../src/persistence/database.ts'

const tone = {
  id: 'tone',
  name: 'Tone',
  description: 'Is it friendly?',
  anchors: { 1: 'Rude.', 4: 'Cold.', 7: 'Polite.', 10: 'Warm.' },
}

describe.each(testDatabases)('criterion store on $name', ({ open }) => {
  let database: Database
  let store: CriterionStore
  beforeAll(async () => void (store = createCriterionStore((database = await open()))))
  afterAll(() => database?.close())

  it('saves, changes, puts away and takes out again', async () => {
    expect(await store.list(true)).toEqual([])
    const saved = await store.save(tone)
    expect(savedCriterionSchema.parse(saved)).toEqual(saved)
    expect(saved).toEqual({ ...tone, builtIn: false, archivedAt: null })
    await store.save({ ...tone, name: 'Tone of voice', description: 'Nul \u0000 is no text.' })
    expect(await store.list(false)).toMatchObject([{ id: 'tone', name: 'Tone of voice' }])

    expect(await store.setArchived('tone', true)).toBe(true)
    expect(await store.list(false)).toEqual([])
    expect((await store.list(true))[0]?.archivedAt).toMatch(/Z$/)
    expect(await store.setArchived('tone', false)).toBe(true)
    expect(await store.list(false)).toHaveLength(1)
    expect(await store.setArchived('nobody', true)).toBe(false)
  })

  it('a criterion that is saved again is on offer again', async () => {
    await store.setArchived('tone', true)
    await store.save(tone)
    expect((await store.list(false)).map(({ id }) => id)).toEqual(['tone'])
  })
})
