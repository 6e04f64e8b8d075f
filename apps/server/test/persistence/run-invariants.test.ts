import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../../tests/support/databases.ts'
import type { Outcome } from '../../src/domain/run-ports.ts'
import type { Database } from '../../src/persistence/database.ts'
import { checkRun } from './support/check-run.ts'
import {
  answered,
  answerId,
  failed,
  failedJudgeCall,
  judgeCall,
  judged,
  judgeSettings,
  openRunStores,
  type RunStores,
} from './support/run-fixture.ts'

const itemCount = 4
const judges = ['anthropic:judge-a', 'openai:judge-b']

/** What may happen to an item, whether or not its state allows it. */
const happening = fc.record({
  item: fc.nat({ max: itemCount - 1 }),
  type: fc.constantFrom('started', 'released', 'answered', 'failed', 'judged', 'judged', 'judge-failed'),
  judge: fc.constantFrom(...judges),
  score: fc.integer({ min: 2, max: 20 }).map((halves) => halves / 2),
  criteria: fc.subarray(['quality', 'safety'], { minLength: 1 }),
  isPriced: fc.boolean(),
})
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      // A driver has one judge at work per item: no group holds two verdicts on one item.
      .uniqueArray(happening, {
        minLength: 1,
        maxLength: 6,
        selector: ({ item, type }) => `${item} ${type.slice(0, 5)}`,
      })
      .map((group) => ({ do: 'record' as const, group })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'record-again' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'retry-failed' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('all' as const, 'unjudged' as const).map((scope) => ({ do: 'judge' as const, scope })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'take-over' as const }) },
)

/** Whatever happens to a run, in whatever order: its counters are what its rows add up to. */
describe.each(testDatabases)('a run on $name', ({ open }) => {
  let database: Database
  let stores: RunStores
  beforeAll(async () => void (stores = await openRunStores((database = await open()))))
  afterAll(() => database?.close())

  it('keeps its counters, sums and event numbers right through any sequence of steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        const { runId, items, ...driven } = await stores.createDriven({ cases: itemCount })
        const messageIds = new Map<string, string>()
        let epoch = driven.epoch
        let lastGroup: Outcome[] = []

        const toOutcome = ({ item: index, type, judge, score, criteria, isPriced }: Happening): Outcome | null => {
          const item = items[index]!
          const messageId = messageIds.get(item.id)
          switch (type) {
            case 'started':
            case 'released':
              return { type, itemId: item.id }
            case 'answered': {
              const answer = answered(item, { costMicros: isPriced ? 17 : null })
              if (!messageId) messageIds.set(item.id, answerId(answer))
              return answer
            }
            case 'failed':
              return failed(item.id)
            default: {
              // Before there is an answer nothing can be judged.
              if (!messageId) return null
              const scores = Object.fromEntries(criteria.map((criterion) => [criterion, score]))
              const call =
                type === 'judged' ? judgeCall(messageId, scores, judge) : failedJudgeCall(messageId, null, judge)
              return judged(item.id, { ...call, costMicros: isPriced ? 3 : null })
            }
          }
        }
        const forgetUnstored = async () => {
          for (const item of await stores.items(runId))
            if (item.messageId) messageIds.set(item.id, item.messageId)
            else messageIds.delete(item.id)
        }

        for (const entry of steps) {
          switch (entry.do) {
            case 'record':
              lastGroup = entry.group.map(toOutcome).filter((outcome) => outcome !== null)
              await stores.driver.record(runId, epoch, lastGroup)
              break
            case 'record-again':
              lastGroup = lastGroup.filter(({ type }) => type === 'answered' || type === 'judged')
              await stores.driver.record(runId, epoch, lastGroup)
              break
            case 'retry-failed':
              await stores.runs.retryFailed(runId)
              break
            case 'judge':
              await stores.runs.requestJudging(runId, judgeSettings(), entry.scope)
              break
            case 'take-over':
              await stores.expireLease(runId)
              epoch = (await stores.drive(runId)).epoch
          }
          await forgetUnstored()
          await checkRun(database, runId)
        }
        expect((await stores.runs.get(runId))?.status).toBe('running')
      }),
      { numRuns: 25, seed: 20_261_123 },
    )
  })
})
