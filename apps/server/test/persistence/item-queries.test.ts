import { createSuiteInputSchema, type ItemSort, type ListItemsInput, type ValidatorResult } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { Database } from '../../src/persistence/database.ts'
import { uuidv7 } from '../../src/persistence/ids.ts'
import {
  answered,
  answerId,
  failed,
  judgeCall,
  judged,
  openRunStores,
  validatorResult,
  type RunStores,
} from './support/run-fixture.ts'

const longText = `${'word '.repeat(200)}needle at the end`
const contains = (passed: boolean): ValidatorResult => ({
  validator: { type: 'contains', value: 'x', ignoreCase: false },
  passed,
  explanation: passed ? null : 'It is not there.',
})

describe.each(testDatabases)('rows of a run on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  let runId: string

  /**
   * | position | state    | quality  | safety | checks                 | tags | group | latency | cost |
   * | 0        | judged   | 4        | 9      | max-words ok, contains | a    | g     | 300     | 30   |
   * | 1        | judged   | 6.5      |        | max-words, contains ok | a, b | g     | 100     | null |
   * | 2        | judged   | 9        | 2      | max-words ok           | b    |       | 200     | 10   |
   * | 3        | failed   |          |        |                        |      |       |         |      |
   * | 4        | pending  |          |        |                        |      |       |         |      |
   * | 5        | answered |          |        |                        | a    |       | 200     | 20   |
   */
  beforeAll(async () => {
    stores = await openRunStores((database = await open()))
    const suite = await stores.suites.save(
      createSuiteInputSchema.parse({
        name: 'rows',
        cases: [
          { id: 'c0', prompt: 'Zero', tags: ['a'], group: 'g' },
          { id: 'c1', prompt: 'One', tags: ['a', 'b'], group: 'g' },
          { id: 'c2', prompt: longText.replace('needle', 'haystack'), tags: ['b'] },
          { id: 'c3', prompt: 'Three' },
          { id: 'c4', turns: ['Four', 'and a "second" turn'] },
          { id: 'c5', prompt: 'Five', tags: ['a'] },
        ],
      }),
    )
    const driven = await stores.createDriven({ suiteVersionId: suite.versionId })
    runId = driven.runId
    const { items, record } = driven
    const first = answered(items[0]!, {
      validatorResults: [validatorResult(true), contains(false)],
      latencyMs: 300,
      costMicros: 30,
    })
    const second = answered(items[1]!, {
      text: longText,
      validatorResults: [validatorResult(false), contains(true)],
      latencyMs: 100,
      costMicros: null,
    })
    const third = answered(items[2]!, { validatorResults: [validatorResult(true)], latencyMs: 200, costMicros: 10 })
    const sixth = answered(items[5]!, { validatorResults: [], latencyMs: 200, costMicros: 20 })
    await record(first, second, third, failed(items[3]!.id), sixth)
    await record(
      judged(first.itemId, judgeCall(answerId(first), { quality: 8, safety: 9 })),
      judged(second.itemId, judgeCall(answerId(second), { quality: 6.5 })),
      judged(third.itemId, judgeCall(answerId(third), { quality: 9, safety: 2 })),
    )
    // Another judge scores the first one again: its cell shows the newer score.
    await record(judged(first.itemId, judgeCall(answerId(first), { quality: 4 }, 'openai:judge-b')))
    // Rows of other runs are nobody's business here.
    const other = await stores.createDriven({ suiteVersionId: suite.versionId })
    const elsewhere = answered(other.items[0]!)
    await other.record(elsewhere)
    await other.record(judged(elsewhere.itemId, judgeCall(answerId(elsewhere), { quality: 1 })))
  })
  afterAll(() => database?.close())

  const find = async (filter: Omit<ListItemsInput, 'runId' | 'limit'>) => {
    const page = await stores.runs.listItems({ runId, limit: 50, ...filter })
    const listed = page.items.map(({ position }) => position)
    if (!filter.sort) expect(await stores.runs.itemPositions({ runId, ...filter })).toEqual(listed)
    return listed
  }

  it('filters by ranges of scores in whole points, all of which must hold', async () => {
    expect(await find({ scores: [{ criterion: 'quality', max: 6 }] })).toEqual([0, 1])
    expect(await find({ scores: [{ criterion: 'quality', min: 6, max: 6 }] })).toEqual([1])
    expect(await find({ scores: [{ criterion: 'quality', min: 7 }] })).toEqual([2])
    expect(await find({ scores: [{ criterion: 'safety' }] })).toEqual([0, 2])
    expect(
      await find({
        scores: [
          { criterion: 'safety', min: 5 },
          { criterion: 'quality', max: 5 },
        ],
      }),
    ).toEqual([0])
    expect(await find({ scores: [{ criterion: 'unheard_of' }] })).toEqual([])
    expect(await find({ scores: [] })).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('filters by failed checks, tags and groups', async () => {
    expect(await find({ failedCheck: 'any' })).toEqual([0, 1])
    expect(await find({ failedCheck: 'contains' })).toEqual([0])
    expect(await find({ failedCheck: 'max-words' })).toEqual([1])
    expect(await find({ failedCheck: 'regex' })).toEqual([])
    expect(await find({ tag: 'b' })).toEqual([1, 2])
    expect(await find({ tag: 'b', failedCheck: 'any' })).toEqual([1])
    expect(await find({ tag: 'no such \u0000' })).toEqual([])
    expect(await find({ group: 'g' })).toEqual([0, 1])
  })

  it('finds a text in whole prompts, turns, answers and failures', async () => {
    expect(await find({ text: 'NEEDLE at the end' })).toEqual([1])
    expect(await find({ text: 'haystack at' })).toEqual([2])
    expect(await find({ text: 'and a "second" turn' })).toEqual([4])
    expect(await find({ text: 'took too long' })).toEqual([3])
    expect(await find({ text: 'at the end', state: ['judged'], tag: 'a' })).toEqual([1])
  })

  const sorted = (by: ItemSort['by'], descending = false) => find({ sort: { by, descending } })

  it('sorts by every column, rows without a value last, ties by position', async () => {
    expect(await sorted('position', true)).toEqual([5, 4, 3, 2, 1, 0])
    expect(await sorted('latency')).toEqual([1, 2, 5, 0, 3, 4])
    expect(await sorted('latency', true)).toEqual([0, 2, 5, 1, 3, 4])
    expect(await sorted('cost')).toEqual([2, 5, 0, 1, 3, 4])
    expect(await sorted('cost', true)).toEqual([0, 5, 2, 1, 3, 4])
    expect(await sorted('checks')).toEqual([0, 1, 2, 3, 4, 5])
    expect(await sorted('checks', true)).toEqual([2, 0, 1, 3, 4, 5])
    expect(await sorted('state')).toEqual([3, 4, 5, 0, 1, 2])
    expect(await sorted('tokens')).toEqual([0, 1, 2, 5, 3, 4])
    const score = (descending: boolean) => find({ sort: { by: 'score', criterion: 'quality', descending } })
    expect(await score(false)).toEqual([0, 1, 2, 3, 4, 5])
    expect(await score(true)).toEqual([2, 1, 0, 3, 4, 5])
    const safest: ItemSort = { by: 'score', criterion: 'safety', descending: true }
    expect(await find({ sort: safest, failedCheck: 'any' })).toEqual([0, 1])
  })

  it.each<ItemSort>([
    { by: 'latency', descending: true },
    { by: 'cost', descending: false },
    { by: 'score', criterion: 'quality', descending: true },
    { by: 'state', descending: false },
  ])('pages through $by without missing or repeating a row', async (sort) => {
    const whole = await find({ sort })
    const paged: number[] = []
    for (let cursor: string | null = null; ;) {
      const page = await stores.runs.listItems({ runId, limit: 2, sort, cursor })
      paged.push(...page.items.map(({ position }) => position))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(paged).toEqual(whole)
  })

  it('names the rows before and after one, among those that fit a filter', async () => {
    const { items } = await stores.runs.listItems({ runId, limit: 100 })
    const [first, second, third] = items
    expect(await stores.runs.neighbours({ itemId: second!.id })).toEqual({
      item: second,
      previousId: first!.id,
      nextId: third!.id,
      total: items.length,
      before: 1,
    })
    expect(await stores.runs.neighbours({ itemId: first!.id })).toMatchObject({ previousId: null, before: 0 })
    const failedOnes = items.filter(({ state }) => state === 'failed')
    // A row that does not fit (any more) still has its place among those that do.
    expect(await stores.runs.neighbours({ itemId: first!.id, state: ['failed'] })).toMatchObject({
      previousId: null,
      nextId: failedOnes[0]?.id,
      total: failedOnes.length,
    })
    expect(await stores.runs.neighbours({ itemId: uuidv7() })).toBeNull()
  })

  it.each(['x', '1 2', '1; DROP TABLE suites', '9'.repeat(20)])('refuses the cursor %s', async (cursor) => {
    await expect(stores.runs.listItems({ runId, limit: 2, cursor })).rejects.toThrow('The cursor')
    const sort: ItemSort = { by: 'latency', descending: false }
    if (cursor !== '1 2')
      await expect(stores.runs.listItems({ runId, limit: 2, cursor, sort })).rejects.toThrow('The cursor')
  })

  it('counts scores by points, and checks by type, tag and group, the worst first', async () => {
    expect(await stores.runs.insights(runId)).toEqual({
      scores: [
        { criterion: 'quality', counts: [0, 0, 0, 1, 0, 1, 0, 0, 1, 0] },
        { criterion: 'safety', counts: [0, 1, 0, 0, 0, 0, 0, 0, 1, 0] },
      ],
      checks: [
        { type: 'contains', passed: 1, total: 2 },
        { type: 'max-words', passed: 2, total: 3 },
      ],
      tags: [
        { tag: 'a', passed: 2, total: 4 },
        { tag: 'b', passed: 2, total: 3 },
      ],
      groups: [{ group: 'g', passed: 2, total: 4 }],
    })
    expect(await stores.runs.insights(uuidv7())).toEqual({ scores: [], checks: [], tags: [], groups: [] })
  })

  it('exports whole items with their verdicts and checks, from a position on', async () => {
    const [first, second] = await stores.runs.exportItems(runId, -1, 2)
    expect(first).toMatchObject({
      position: 0,
      caseId: 'c0',
      tags: ['a'],
      group: 'g',
      turns: ['Zero'],
      messages: [
        { role: 'user', turn: 1, content: 'Zero' },
        { role: 'assistant', turn: 1, content: 'It is four.' },
      ],
      checks: [validatorResult(true), contains(false)],
      scores: [
        { criterion: 'safety', score: 9, passed: true },
        { criterion: 'quality', score: 4, passed: false },
      ],
      costMicros: 30,
    })
    expect(first?.judgments.map(({ criterion, judgeModel, score }) => [criterion, judgeModel, score])).toEqual([
      ['quality', 'anthropic:judge-a', 8],
      ['safety', 'anthropic:judge-a', 9],
      ['quality', 'openai:judge-b', 4],
    ])
    expect(second?.messages.at(-1)?.content).toBe(longText)
    const rest = await stores.runs.exportItems(runId, 2, 50)
    expect(rest.map(({ position }) => position)).toEqual([3, 4, 5])
    expect(rest[0]).toMatchObject({ state: 'failed', messages: [], failure: { kind: 'timeout' } })
    expect(rest[1]?.turns).toEqual(['Four', 'and a "second" turn'])
  })
})
