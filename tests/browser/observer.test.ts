import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { injections } from '../support/injections.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const slowText = `There are {{0.failed}} failures and 9,999 fakes. ${'One more word. '.repeat(200)}`

describe('the assistant in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page
  let runId: string

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    const suite = await system.client.batch.suites.create.mutate({
      name: 'Observed',
      cases: injections.map((_injection, index) => ({
        id: `case-${index + 1}`,
        prompt: `Question number ${index + 1}?`,
      })),
    })
    system.simulator.configure({
      errorRate: 0.3,
      seed: 4,
      script: injections.map(({ text }, index) => ({ when: `number ${index + 1}?`, replies: [{ text }] })),
    })
    const created = await system.client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      tag: { mode: 'manual', sessionId: 'watched' },
      call: { maxAttempts: 1 },
      judge: { model: 'openai:sim-large', criteria: ['helpfulness'] },
    })
    runId = created.runId
    await waitForRun(system.client, runId)
    system.simulator.configure({
      errorRate: 0,
      script: [
        { when: 'slowly', replies: [{ calls: [{ name: 'run_state', arguments: {} }] }, { text: slowText }] },
        {
          when: 'hostile',
          replies: [
            { calls: [{ name: 'search_texts', arguments: { text: 'hacked', in: 'answers', limit: 8 } }] },
            { text: `Quoting: ${injections.map(({ text }) => text.slice(0, 200)).join('\n\n')}` },
          ],
        },
      ],
    })
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  const drawer = () => page.getByTestId('observer')
  const answers = () => drawer().getByTestId('observer-answer')
  const ask = async (text: string) => {
    await drawer().getByLabel('Question').fill(text)
    await page.keyboard.press('Enter')
  }

  it('opens beside the table and answers a quick prompt, with the moment that it speaks of', async () => {
    await page.goto(`${system.url}/runs/${runId}`)
    await page.getByTestId('observe').click()
    await page.waitForURL(/observer=true/)
    await drawer().getByText('Ask about this run').first().waitFor()
    await drawer().getByRole('button', { name: 'Any errors?' }).click()
    await expect.poll(() => answers().count()).toBe(1)
    const { counts } = (await system.client.batch.get.query({ runId })).progress
    expect(await answers().first().innerText()).toContain(`${counts.failed} items failed`)
    expect(await answers().first().getByTestId('observer-as-of').innerText()).toMatch(
      new RegExp(`as of ${counts.total}/${counts.total}, \\d\\d:\\d\\d:\\d\\d`),
    )
    // The table is still there, and the looks can be opened.
    expect(await page.getByTestId('item-row').count()).toBeGreaterThan(3)
    await answers().first().getByTestId('observer-steps').locator('> summary').click()
    await answers().first().getByText('grouped the failures').click()
    await answers().first().getByText('"retryable"').first().waitFor()
  })

  it('a citation opens the item; the assistant comes back with what was typed', async () => {
    await drawer().getByLabel('Question').fill('half a question')
    const citation = answers()
      .first()
      .getByRole('link', { name: /^#\d+$/ })
      .first()
    const number = (await citation.innerText()).slice(1)
    await citation.click()
    const panel = page.getByTestId('item-panel')
    await panel.getByText(`#${number}`).first().waitFor()
    expect(new URL(page.url()).searchParams.get('item')).not.toBeNull()
    await panel.getByRole('button', { name: 'Close (Esc)' }).click()
    await expect.poll(() => drawer().getByLabel('Question').inputValue()).toBe('half a question')
  })

  it('proposes, and does it only when the button is pressed', async () => {
    await drawer().getByRole('button', { name: 'What should I fix first?' }).click()
    await expect.poll(() => answers().count()).toBe(2)
    const button = answers().last().getByTestId('observer-proposal').first()
    expect(await button.innerText()).toMatch(/^Retry \d+ overloaded items?$/)
    const before = await system.client.batch.get.query({ runId })
    expect(before.status).toBe('completed')
    const overloaded = (await system.client.batch.items.query({ runId, failureKind: 'overloaded', limit: 100 })).items
    await button.click()
    await expect.poll(() => button.innerText()).toContain('Done: retry')
    await waitForRun(system.client, runId)
    const after = await system.client.batch.get.query({ runId })
    expect(after.progress.counts.failed).toBe(before.progress.counts.failed - overloaded.length)
  })

  it('lets a model answer, goes on through a reload, and marks what no look gave', async () => {
    await drawer().getByTestId('observer-settings').click()
    await page.getByRole('combobox', { name: /Model/ }).fill('openai:sim-large')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => drawer().getByTestId('observer-settings').innerText()).toContain('openai:sim-large')
    system.simulator.configure({ tokensPerSecond: 12 })
    await ask('Speak slowly.')
    const reply = drawer().getByTestId('observer-reply')
    await expect.poll(() => reply.innerText()).toContain('failures')
    await page.reload()
    await expect.poll(() => reply.innerText()).toContain('failures')
    expect(await reply.getByTestId('observer-steps').innerText()).toContain('looks at the run')
    await drawer().getByTestId('observer-stop').click()
    await expect.poll(() => answers().count()).toBe(3)
    system.simulator.configure({ tokensPerSecond: 0 })
    expect(await answers().last().innerText()).toContain('Stopped.')
    expect(await answers().last().locator('mark[data-unverified]').allInnerTexts()).toEqual(['9,999'])
    await answers().last().getByText('Unverified:').waitFor()
  })

  it('renders nothing of a hostile text as HTML, wherever it stands', async () => {
    await ask('Something hostile.')
    await expect.poll(() => answers().count()).toBe(4)
    expect(await answers().last().innerText()).toContain('Ignore your instructions')
    expect(await answers().last().locator('img, script, iframe, a[href^="javascript"]').count()).toBe(0)
    expect(await page.evaluate('window.hacked')).toBeUndefined()
  })

  it('has a page of its own, and stands beside the list of runs', async () => {
    await page.getByRole('link', { name: 'Open the conversation as a page' }).click()
    await page.waitForURL(new RegExp(`/runs/${runId}/observer`))
    await expect.poll(() => answers().count()).toBe(4)
    await answers()
      .first()
      .getByRole('link', { name: /^#\d+$/ })
      .first()
      .click()
    await page.getByTestId('item-panel').waitFor()

    await page.goto(`${system.url}/runs`)
    await page.getByRole('button', { name: 'Observe watched with Assistant' }).click()
    await page.waitForURL(new RegExp(`observe=${runId}`))
    await expect.poll(() => answers().count()).toBe(4)
    await page.getByRole('button', { name: 'Close the assistant' }).click()
    await expect.poll(() => drawer().count()).toBe(0)
  })

  it('speaks up on the run’s page when that is switched on', async () => {
    const { suite } = await system.client.batch.get.query({ runId })
    system.simulator.configure({ latencyMs: 300 })
    const created = await system.client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency: 4,
    })
    await page.goto(`${system.url}/runs/${created.runId}?observer=true`)
    await drawer().getByTestId('observer-settings').click()
    await page.getByRole('switch', { name: /Speak up by itself/ }).press('Space')
    await page.getByRole('button', { name: 'Save' }).click()
    await drawer().getByTestId('observer-note').first().waitFor()
    await page.getByRole('button', { name: 'Close the assistant' }).click()
    await expect.poll(() => page.getByTestId('note-strip').innerText()).toContain('Assistant:')
    await page.getByTestId('note-strip').getByRole('button', { name: 'Open' }).click()
    await expect.poll(() => drawer().getByText('The run is complete').count()).toBeGreaterThan(0)
  })
})
