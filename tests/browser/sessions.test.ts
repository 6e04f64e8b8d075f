import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

describe('sessions, items and feedback in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page
  let runId: string

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    const { versionId } = await system.client.batch.suites.create.mutate({
      name: 'Colours',
      cases: ['red', 'green', 'blue', 'greenish'].map((colour) => ({
        id: colour,
        prompt: `Name something ${colour}.`,
      })),
    })
    const created = await system.client.batch.create.mutate({
      suiteVersionId: versionId,
      model: 'openai:sim-small',
      tag: { mode: 'manual', sessionId: 'colours-1', experimentName: 'colours' },
      judge: { model: 'openai:sim-large', criteria: ['accuracy', 'clarity'], threshold: 1 },
    })
    runId = created.runId
    await waitForRun(system.client, runId)
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  const openItem = () => page.getByTestId('item-page').getAttribute('data-item-id')

  it('an item has a page of its own, where J and K go by the filter of its run', async () => {
    await page.goto(`${system.url}/runs/${runId}?q=green`)
    await expect.poll(() => page.getByTestId('item-row').count()).toBe(2)
    await page.getByTestId('item-row').first().click()
    await page.getByRole('link', { name: 'Open as a page' }).click()
    await page.getByText('1 of 2 that fit the filter').waitFor()
    const first = await openItem()
    await page.keyboard.press('j')
    await page.getByText('2 of 2 that fit the filter').waitFor()
    expect(await openItem()).not.toBe(first)
    await page.getByRole('heading', { name: 'greenish' }).waitFor()
    await page.keyboard.press('k')
    await expect.poll(openItem).toBe(first)
    await page.keyboard.press('Escape')
    await page.getByTestId('item-panel').waitFor()
    expect(await page.getByTestId('item-row').count()).toBe(2)
  })

  it('keys 1 and 2 give a thumb, which is kept, and it says where the judge sees it differently', async () => {
    const { items } = await system.client.batch.items.query({ runId, limit: 10 })
    const messageId = items[0]?.messageId ?? ''
    await page.goto(`${system.url}/messages/${messageId}`)
    await page.waitForURL(new RegExp(`/runs/${runId}/items/`))
    await page.getByRole('button', { name: 'Good answer' }).waitFor()
    await page.keyboard.press('2')
    await page.getByText('You dislike this answer; the judge passed it on accuracy and clarity.').waitFor()
    await page.getByLabel('Note').fill('Not a colour.')
    await page.getByLabel('Note').press('Enter')
    await expect
      .poll(async () => (await system.client.judge.feedback.get.query({ messageId }))?.note)
      .toBe('Not a colour.')
    await page.reload()
    await expect.poll(() => page.getByRole('button', { name: 'Bad answer' }).getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('1')
    await expect.poll(() => page.getByText('the judge passed it').count()).toBe(0)
    await expect.poll(async () => (await system.client.judge.feedback.get.query({ messageId }))?.verdict).toBe('up')
  })

  it('a session shows its whole conversation, by role and by text', async () => {
    await page.goto(`${system.url}/sessions`)
    await page.getByRole('link', { name: 'colours-1' }).click()
    await expect.poll(() => page.getByTestId('session-message').count()).toBeGreaterThan(3)
    await page.getByText('Prompts', { exact: true }).click()
    await page.keyboard.press('Escape')
    await page.getByLabel('Filter by text').fill('greenish')
    await expect.poll(() => page.getByTestId('session-message').count()).toBe(1)
    expect(page.url()).toContain('role=user')
    await page.reload()
    await expect.poll(() => page.getByTestId('session-message').count()).toBe(1)
  })

  it('a session is tagged anew: a taken id has to be confirmed, and the old id still finds it', async () => {
    const { items } = await system.client.batch.suites.list.query({})
    const { runId: other } = await system.client.batch.create.mutate({
      suiteVersionId: items[0]?.versionId ?? '',
      model: 'openai:sim-small',
      tag: { mode: 'manual', sessionId: 'taken', experimentName: 'colours' },
    })
    await waitForRun(system.client, other)
    await page.goto(`${system.url}/sessions/colours-1`)
    await page.getByRole('button', { name: 'Change tag' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Session id').fill('not allowed!')
    await dialog.getByText('letters, digits').waitFor()
    await dialog.getByLabel('Session id').fill('taken')
    await dialog.getByRole('button', { name: 'Change the tag' }).click()
    await dialog.getByText('There is a session taken already').waitFor()
    expect((await system.client.session.get.query({ sessionId: 'colours-1' })).conversationCount).toBe(1)
    await dialog.getByLabel('Session id').fill('colours-week-1')
    await dialog.getByRole('button', { name: 'Change the tag' }).click()
    await page.waitForURL(/colours-week-1/)
    await page.getByText('was colours-1').waitFor()
    await page.goto(`${system.url}/sessions/colours-1`)
    await page.waitForURL(/colours-week-1/)
    await page.getByText('was called').waitFor()
  })
})
