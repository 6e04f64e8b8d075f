import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

describe('suites and sessions in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  const choose = (name: string, text: string) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

  it('an empty list offers the import; a broken file is explained and cannot be imported', async () => {
    await page.goto(`${system.url}/suites`)
    await page.getByText('No suites yet').waitFor()
    await page.getByRole('button', { name: 'Import' }).first().click()
    await choose('bad.jsonl', '{"id":"a","prompt":"Hi"}\n{"id":"a","prompt":"Ho"}')
    await page.getByText('used twice').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
    expect((await system.client.batch.suites.list.query({})).items).toEqual([])
  })

  it('a good file is shown before it is saved, then opens as its cases', async () => {
    const cases = [
      { id: 'hello', prompt: 'Say hello.', expected: 'A greeting', validators: [{ type: 'contains', value: 'hello' }] },
      { id: 'bye', prompt: 'Say goodbye.' },
    ]
    await choose('greetings.json', JSON.stringify({ name: 'Greetings', cases }))
    await page.getByText('2 cases, 1 validator').waitFor()
    expect((await system.client.batch.suites.list.query({})).items).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('link', { name: 'Greetings' }).click()
    await expect.poll(() => page.getByTestId('case-row').count()).toBe(2)
    expect(await page.getByTestId('case-row').first().innerText()).toContain('A greeting')
  })

  it('a session links to its run', async () => {
    const { items } = await system.client.batch.suites.list.query({})
    const { runId } = await system.client.batch.create.mutate({
      suiteVersionId: items[0]?.versionId ?? '',
      model: 'openai:sim-small',
      tag: { mode: 'manual', sessionId: 'my-session' },
    })
    await waitForRun(system.client, runId)
    await page.goto(`${system.url}/sessions?q=my-ses`)
    const row = page.getByTestId('session-row')
    await expect.poll(() => row.count()).toBe(1)
    expect(await row.innerText()).toContain('my-session')
    await row.getByRole('link', { name: 'run 1' }).click()
    await page.waitForURL(new RegExp(runId))
    await expect.poll(() => page.getByTestId('item-row').count()).toBe(2)
  })
})
