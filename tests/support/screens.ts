import type { Page } from 'playwright-core'
import { loadDemoSuite, startDemoRun } from '../../scripts/demo.ts'
import { askObserver } from './observer.ts'
import { waitForRun, type System } from './system.ts'

/** What the screens show: three finished runs of one experiment, one with failures, one that goes on. */
export interface Seeded {
  suiteVersionId: string
  runId: string
  failingRunId: string
  movingRunId: string
  itemId: string
  sessionId: string
  chatId: string
}

interface Screen {
  name: string
  path: (seeded: Seeded) => string
  /** Resolves once the screen shows what it is for. */
  ready: (page: Page) => Promise<unknown>
}

const criteria = ['helpfulness', 'accuracy', 'clarity', 'safety', 'completeness']

/** Fills an empty system that was started with the demo's answers. */
export async function seedScreens({ client, simulator }: System): Promise<Seeded> {
  const { versionId } = await loadDemoSuite(client)
  await startDemoRun(client, versionId)
  const create = async (model: string, tagged: string, maxAttempts = 5) => {
    const { runId } = await client.batch.create.mutate({
      suiteVersionId: versionId,
      model,
      concurrency: 16,
      call: { maxAttempts },
      tag: { mode: 'manual', sessionId: tagged, experimentName: 'support-answers' },
      judge: { model: 'openai:demo-judge', criteria },
    })
    return runId
  }
  const runIds = await Promise.all(
    ['demo-large', 'demo-small', 'demo-mini'].map((model) => create(`openai:${model}`, `support-${model}`)),
  )
  await Promise.all(runIds.map((runId) => waitForRun(client, runId)))
  simulator.configure({ errorRate: 0.4, refuseRate: 0.1, malformedRate: 0.1 })
  const failingRunId = await create('openai:demo-small', 'support-bad-day', 2)
  await waitForRun(client, failingRunId)
  simulator.configure({ errorRate: 0, refuseRate: 0, malformedRate: 0, latencyMs: 2500, jitterMs: 1500 })
  const movingRunId = await create('openai:demo-large', 'support-live')
  const runId = runIds[1] ?? ''
  const { items } = await client.batch.items.query({ runId, limit: 5 })
  const { conversationId: chatId } = await client.session.chat.create.mutate({
    title: 'Late parcel',
    sessionId: 'chat-1',
  })
  const chat = { conversationId: chatId, model: 'openai:demo-large' }
  await client.session.chat.send.mutate({ ...chat, text: 'Where is my parcel? It is **three days** late.' })
  await waitForReply(client, chatId)
  await askObserver(client, { runId: failingRunId, text: 'Why are so many failing?', model: null })
  await askObserver(client, { runId: failingRunId, text: 'What should I fix first?', model: null })
  await askObserver(client, { runId, text: 'Quality scores?', model: null })
  await askObserver(client, { runId, text: 'Compare with support-demo-large', model: null })
  return {
    chatId,
    suiteVersionId: versionId,
    runId,
    failingRunId,
    movingRunId,
    itemId: items[2]?.id ?? '',
    sessionId: 'support-demo-small',
  }
}

async function waitForReply(client: System['client'], conversationId: string): Promise<void> {
  while ((await client.session.chat.get.query({ conversationId })).isReplying)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Every screen of the dashboard, as a reader with some data meets it. */
export const screens: readonly Screen[] = [
  { name: 'runs', path: () => '/runs', ready: (page) => page.getByTestId('run-row').nth(3).waitFor() },
  {
    name: 'run',
    path: ({ runId }) => `/runs/${runId}`,
    ready: (page) => page.getByTestId('item-row').first().waitFor(),
  },
  {
    name: 'run-failures',
    path: ({ failingRunId }) => `/runs/${failingRunId}?state=%5B%22failed%22%5D`,
    ready: (page) => page.getByTestId('item-row').first().waitFor(),
  },
  {
    name: 'run-moving',
    path: ({ movingRunId }) => `/runs/${movingRunId}`,
    ready: (page) => page.getByTestId('item-row').first().waitFor(),
  },
  {
    name: 'run-insights',
    path: ({ runId }) => `/runs/${runId}?view=insights`,
    ready: (page) => page.getByTestId('item-row').first().waitFor(),
  },
  {
    name: 'item',
    path: ({ runId, itemId }) => `/runs/${runId}?item=${itemId}`,
    ready: (page) => page.getByTestId('item-panel').getByText('confidence').first().waitFor(),
  },
  {
    name: 'message',
    path: ({ runId, itemId }) => `/runs/${runId}/items/${itemId}`,
    ready: (page) => page.getByTestId('item-page').getByText('confidence').first().waitFor(),
  },
  {
    name: 'run-observed',
    path: ({ failingRunId }) => `/runs/${failingRunId}?observer=true`,
    ready: (page) => page.getByTestId('observer-answer').first().waitFor(),
  },
  {
    name: 'observer',
    path: ({ runId }) => `/runs/${runId}/observer`,
    ready: (page) => page.getByTestId('observer-answer').first().waitFor(),
  },
  {
    name: 'runs-observed',
    path: ({ movingRunId }) => `/runs?observe=${movingRunId}`,
    ready: (page) => page.getByTestId('observer').getByText('Ask about this run').first().waitFor(),
  },
  { name: 'new-run', path: () => '/runs/new', ready: (page) => page.getByTestId('start-run').waitFor() },
  { name: 'suites', path: () => '/suites', ready: (page) => page.getByText('Customer Support').first().waitFor() },
  {
    name: 'suite',
    path: ({ suiteVersionId }) => `/suites/${suiteVersionId}`,
    ready: (page) => page.getByTestId('case-row').first().waitFor(),
  },
  { name: 'sessions', path: () => '/sessions', ready: (page) => page.getByTestId('session-row').first().waitFor() },
  {
    name: 'chat',
    path: ({ chatId }) => `/chat/${chatId}`,
    ready: (page) => page.getByTestId('chat-answer').first().waitFor(),
  },
  { name: 'chat-new', path: () => '/chat', ready: (page) => page.getByText('Talk to a model').waitFor() },
  {
    name: 'analytics',
    path: () =>
      `/analytics?sessions=${encodeURIComponent(JSON.stringify(['support-demo-large', 'support-demo-small', 'support-demo-mini']))}`,
    ready: (page) => page.getByTestId('comparison').waitFor(),
  },
  {
    name: 'settings-providers',
    path: () => '/settings/providers',
    ready: (page) => page.getByText('Test call').first().waitFor(),
  },
  {
    name: 'settings-prices',
    path: () => '/settings/prices',
    ready: (page) => page.getByTestId('price-row').first().waitFor(),
  },
  {
    name: 'settings-criteria',
    path: () => '/settings/criteria',
    ready: (page) => page.getByText('built in').first().waitFor(),
  },
  {
    name: 'settings-validators',
    path: () => '/settings/validators',
    ready: (page) => page.getByText('Try it').first().waitFor(),
  },
  {
    name: 'session',
    path: ({ sessionId }) => `/sessions/${sessionId}`,
    ready: (page) => page.getByTestId('session-message').first().waitFor(),
  },
]
