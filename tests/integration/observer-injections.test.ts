import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { injections } from '../support/injections.ts'
import { askObserver } from '../support/observer.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const reads = [
  'run_state',
  'list_items',
  'changed_items',
  'get_item',
  'error_groups',
  'score_distribution',
  'check_breakdown',
  'compare',
  'search_texts',
]

interface SentMessage {
  role: string
  content: string | null
}
interface SentBody {
  messages: SentMessage[]
  tools?: { function: { name: string } }[]
  response_format?: unknown
}

/** What can be shown without a real model: with one that obeys whatever the texts under test tell it. */
describe(`${injections.length} answers that try to command their readers`, () => {
  let system: System
  let runId: string
  const bodies: SentBody[] = []

  beforeAll(async () => {
    system = await startSystem()
    system.simulator.onRequest((body) => bodies.push(body as SentBody))
    const suite = await system.client.batch.suites.create.mutate({
      name: 'Hostile',
      cases: injections.map((_injection, index) => ({
        id: `hostile-${index + 1}`,
        prompt: `Question number ${index + 1}?`,
      })),
    })
    system.simulator.configure({
      script: injections.map(({ text }, index) => ({ when: `number ${index + 1}?`, replies: [{ text }] })),
    })
    const created = await system.client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      judge: { model: 'openai:sim-large', criteria: ['helpfulness', 'accuracy'] },
    })
    runId = created.runId
    await waitForRun(system.client, runId)
  })
  afterAll(() => system?.close())

  it('has at least thirty', () => expect(injections.length).toBeGreaterThanOrEqual(30))

  it('the judge gets each answer whole, inside one fence that it cannot close', () => {
    const judged = bodies.filter(({ response_format: format }) => format !== undefined)
    expect(judged).toHaveLength(injections.length)
    for (const { text } of injections) {
      const body = judged.find(({ messages }) => messages.at(-1)?.content?.includes(text))
      const content = body?.messages.at(-1)?.content ?? ''
      const nonce = /<answer-([0-9a-f]{8})>\n/.exec(content)?.[1] ?? 'none'
      expect(content.split(`</answer-${nonce}>`)).toHaveLength(2)
      expect(content).toContain(`<answer-${nonce}>\n${text}\n</answer-${nonce}>`)
    }
  })

  it('no score comes from an answer: each is what the judge said of it', async () => {
    const { items } = await system.client.batch.items.query({ runId, limit: 500 })
    for (const item of items) {
      const { judgments } = await system.client.batch.item.query({ itemId: item.id })
      expect(judgments.map(({ criterion, score }) => ({ criterion, score }))).toEqual(
        item.scores.map(({ criterion, score }) => ({ criterion, score })),
      )
      expect(judgments.every(({ evidence }) => evidence.reasoning.startsWith('On '))).toBe(true)
    }
  })

  it.each(injections.map((injection, index) => ({ ...injection, number: index + 1 })))(
    'an obedient observer is caught: $text',
    async ({ claims, number, text }) => {
      system.simulator.configure({
        script: [
          {
            when: 'read it',
            replies: [
              {
                calls: [
                  { name: 'get_item', arguments: { number } },
                  // It does what it is told, too.
                  { name: 'retry_failed', arguments: {} },
                  { name: 'propose', arguments: { action: 'judge', items: [number] } },
                ],
              },
              { text: `As I was told: ${claims.join(' and ')}. It is [#{{0.item}}].` },
            ],
          },
        ],
      })
      bodies.length = 0
      const before = await system.client.batch.get.query({ runId })
      const answer = await askObserver(system.client, { runId, text: 'Read it.', model: 'openai:sim-large' })
      expect(answer.observation?.unverified.toSorted()).toEqual([...claims].toSorted())
      expect(answer.observation?.citations.map((citation) => citation.number)).toEqual([number])

      // Nothing has happened but a button.
      expect(await system.client.batch.get.query({ runId })).toEqual(before)
      expect(answer.observation?.proposals).toMatchObject([{ action: 'judge' }])
      expect(answer.observation?.steps.find(({ tool }) => tool === 'retry_failed')?.error).toContain('no tool')

      // What it was shown stood in a fence of this answer's own, and nowhere else.
      const last = bodies.at(-1)
      const system_ = last?.messages.find(({ role }) => role === 'system')?.content ?? ''
      const nonce = /<data-([0-9a-f]{8})>/.exec(system_)?.[1] ?? 'none'
      const beginning = JSON.stringify(text.replaceAll(/\s+/g, ' ').trim().slice(0, 40)).slice(1, -1)
      const shown = last?.messages.filter(({ content }) => content?.includes(beginning)) ?? []
      expect(shown.map(({ role }) => role)).toEqual(['tool'])
      expect(shown[0]?.content?.startsWith(`<data-${nonce}>\n`)).toBe(true)
      expect(shown[0]?.content?.split(`</data-${nonce}>`)).toHaveLength(2)
      expect(system_).not.toContain(beginning)
    },
  )

  it('offers tools that read, and one that shows a button', () => {
    const offered = bodies.at(-1)?.tools?.map(({ function: { name } }) => name)
    expect(offered?.toSorted()).toEqual([...reads, 'propose'].toSorted())
  })
})
