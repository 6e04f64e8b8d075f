import {
  createSuiteInputSchema,
  type CreateSuiteInput,
  type SuiteCase,
  type SuiteSummary,
  suiteVersionSchema,
} from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { SuiteStore } from '../../src/domain/ports.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import { createSuiteStore } from '../../src/persistence/suite-store.ts'

const suiteOf = (cases: unknown[], changes: object = {}): CreateSuiteInput =>
  createSuiteInputSchema.parse({ name: `suite ${uuidv7()}`, description: 'Sums.', cases, ...changes })

const fullCase: SuiteCase = {
  id: 'full',
  turns: ['First "turn"\n\ttabbed', 'Second \u{1f44d} turn'],
  system: 'Be brief.',
  expected: '42',
  notes: 'Spelling does not matter.',
  tags: ['math', 'a, "b" {c}', 'NULL'],
  group: 'sums',
  validators: [
    { type: 'equals', value: '', ignoreCase: true },
    { type: 'contains', value: '42', ignoreCase: false },
    { type: 'not-contains', value: 'no', ignoreCase: false },
    { type: 'regex', pattern: String.raw`\d+\u0000`, flags: 'i' },
    {
      type: 'json-schema',
      schema: { properties: { a: { enum: [null, 1], default: null }, b: { const: null } }, x: [{}] },
    },
    { type: 'numeric', value: 0.1, tolerance: 1e-9 },
    { type: 'max-words', value: 5 },
  ],
}
import { openRunStores } from './support/run-fixture.ts'

describe.each(testDatabases)('suite store on $name', ({ open }) => {
  let database: Database
  let store: SuiteStore
  beforeAll(async () => void (store = createSuiteStore((database = await open()))))
  afterAll(() => database?.close())

  const readCases = async (versionId: string, limit = 500): Promise<SuiteCase[]> => {
    const found: SuiteCase[] = []
    for (let cursor: string | null = null; ;) {
      const page = await store.listCases(versionId, { cursor, limit })
      expect(page.items.length).toBeLessThanOrEqual(limit)
      found.push(...page.items)
      if ((cursor = page.nextCursor) === null) return found
    }
  }

  it('saves a new suite, nothing when it is the same again, and a version when it changed', async () => {
    const input = suiteOf([{ id: 'a', prompt: '1 + 1?' }])
    const { created, ...first } = await store.save(input)
    expect(created).toBe('suite')
    expect(first).toMatchObject({ name: input.name, description: 'Sums.', version: 1, caseCount: 1, validatorCount: 0 })
    expect(await store.getVersion(first.versionId)).toEqual(first)

    expect(await store.save(structuredClone(input))).toEqual({ ...first, created: 'nothing' })

    const changed = { ...input, cases: suiteOf([{ id: 'a', prompt: '1 + 2?' }, fullCase]).cases }
    const second = await store.save(changed)
    expect(second).toMatchObject({ id: first.id, version: 2, caseCount: 2, validatorCount: 7, created: 'version' })
    expect(await readCases(first.versionId)).toEqual(input.cases)
    expect(await readCases(second.versionId)).toEqual(changed.cases)
    expect(await store.getVersion(first.versionId)).toMatchObject({ version: 1, caseCount: 1 })

    const described = await store.save({ ...changed, description: 'Sums, again.' })
    expect(described).toMatchObject({ version: 3, description: 'Sums, again.', created: 'version' })
    expect((await store.save(input)).version).toBe(4)
  })

  it('gives back every field of a case as it was saved', async () => {
    const bare = { id: 'bare', turns: ['Only this.'], tags: [], validators: [] }
    const input = suiteOf([fullCase, bare])
    expect(input.cases).toEqual([fullCase, bare])
    const { versionId } = await store.save(input)
    expect(await readCases(versionId)).toEqual(input.cases)
  })

  it('pages through more cases than one insert takes, in their order', async () => {
    const input = suiteOf(
      Array.from({ length: 1203 }, (_, index) => ({ id: `case ${1203 - index}`, prompt: `${index}` })),
    )
    const { versionId } = await store.save(input)
    expect(await readCases(versionId, 401)).toEqual(input.cases)
    expect(await readCases(versionId, 500)).toEqual(input.cases)
  })

  it('lists every suite once with its newest version, the newest suite first', async () => {
    const names: string[] = []
    for (let index = 0; index < 5; index++) {
      const input = suiteOf([{ id: 'a', prompt: 'x' }])
      names.unshift(input.name)
      await store.save(input)
      if (index % 2 === 0) await store.save({ ...input, description: 'newer' })
    }
    const found: SuiteSummary[] = []
    for (let cursor: string | null = null; found.length < 5;) {
      const page = await store.list({ cursor, limit: 2 })
      found.push(...page.items)
      cursor = page.nextCursor
    }
    expect(found.slice(0, 5).map(({ name, version }) => [name, version])).toEqual(
      names.map((name, index) => [name, index % 2 === 0 ? 2 : 1]),
    )
  })

  it('saves texts with characters that a database cannot hold, replacing only these', async () => {
    const bad = (text: string) => `${text} \u0000 \ud83d. \udc4d \u{1f44d} \\u0000 \\ud83d`
    const good = (text: string) => `${text} \ufffd \ufffd. \ufffd \u{1f44d} \\u0000 \\ud83d`
    const caseOf = (text: (name: string) => string) => ({
      id: text('id'),
      turns: [text('turn')],
      system: text('system'),
      expected: text('expected'),
      notes: text('notes'),
      tags: [text('tag')],
      group: text('group'),
      validators: [{ type: 'contains' as const, value: text('value'), ignoreCase: false }],
    })
    const texts = { name: bad(`name ${uuidv7()}`), description: bad('description') }
    const input = suiteOf([caseOf(bad)], texts)
    const saved = await store.save(input)
    expect(saved.name).toBe(good(texts.name.slice(0, 41)))
    expect(saved.description).toBe(good('description'))
    expect(await readCases(saved.versionId)).toEqual([caseOf(good)])
    expect((await store.save(input)).created).toBe('nothing')
  })

  it('makes one suite of two that are saved at once under one name', async () => {
    const input = suiteOf([{ id: 'a', prompt: 'x' }])
    const other = { ...input, description: 'Other.' }
    const results = await Promise.all([store.save(input), store.save(other), store.save(input)])
    expect(new Set(results.map(({ id }) => id)).size).toBe(1)
    expect(results.filter(({ created }) => created === 'suite')).toHaveLength(1)
    const versions = results.filter(({ created }) => created !== 'nothing').map(({ version }) => version)
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, index) => index + 1))
  })

  it('knows no version that does not exist', async () => {
    expect(await store.getVersion(uuidv7())).toBeNull()
    expect(await readCases(uuidv7())).toEqual([])
  })

  it('finds the newest version by suite and by name, and lists the versions with their runs', async () => {
    const stores = await openRunStores(database)
    const input = (prompt: string) =>
      createSuiteInputSchema.parse({ name: 'Versioned \u0000', cases: [{ id: 'a', prompt }] })
    const first = await store.save(input('one'))
    const second = await store.save(input('two'))
    await stores.createRun({ suiteVersionId: first.versionId })
    const { created: _, ...newest } = second
    expect(await store.getNewest(first.id)).toEqual(newest)
    expect(await store.getByName('Versioned \u0000')).toEqual(newest)
    expect(await store.getNewest(uuidv7())).toBeNull()
    expect(await store.getByName('nobody')).toBeNull()
    const versions = await store.listVersions(first.id)
    for (const version of versions) expect(suiteVersionSchema.parse(version)).toEqual(version)
    expect(versions.map(({ version, versionId, runCount }) => [version, versionId, runCount])).toEqual([
      [2, second.versionId, 0],
      [1, first.versionId, 1],
    ])
    expect(await store.listVersions(uuidv7())).toEqual([])
  })

  it('saves the next version only where the expected one is still the newest, also when two try at once', async () => {
    const input = (prompt: string) => createSuiteInputSchema.parse({ name: 'Contended', cases: [{ id: 'a', prompt }] })
    const { id } = await store.save(input('one'))
    const saved = await Promise.all(['x', 'y', 'z'].map((prompt) => store.saveNext(input(prompt), 1)))
    expect(saved.filter((result) => result !== null)).toHaveLength(1)
    expect((await store.getNewest(id))?.version).toBe(2)
    expect(await store.saveNext(input('late'), 1)).toBeNull()
    expect(await store.saveNext(input('in time'), 2)).toMatchObject({ version: 3, created: 'version' })
  })
})
