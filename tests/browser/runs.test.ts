import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

describe('the list of runs and a new run in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await system.client.batch.suites.create.mutate({ name: 'Only one', cases: [{ id: 'a', prompt: 'Say hello.' }] })
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  const rows = () => page.getByTestId('run-row').count()

  it('two models make two runs of one experiment, each with a session of its own', async () => {
    await page.goto(`${system.url}/runs/new`)
    // The only suite needs no choice.
    await expect.poll(() => page.getByRole('combobox', { name: 'Suite' }).inputValue()).toContain('Only one')
    await page.getByRole('combobox', { name: 'Model', exact: true }).fill('openai:sim-small')
    await page.getByRole('button', { name: 'Add a model to compare' }).click()
    await page.getByRole('combobox', { name: 'Model 2' }).fill('openai:sim-small')
    await page.getByText('My own', { exact: true }).click()
    await page.getByLabel('Session id').fill('week-1')
    await page.getByTestId('start-run').click()
    await page.getByText('Each model may be chosen once.').waitFor()
    await page.getByRole('combobox', { name: 'Model 2' }).fill('openai:sim-large')
    await page.keyboard.press('Escape')
    expect(await page.getByTestId('tag-preview').innerText()).toContain('week-1-sim-large')
    await page.getByLabel('System prompt').focus()
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/\/runs\?experiment=/)
    await expect.poll(rows).toBe(2)
    const { items } = await system.client.batch.list.query({})
    expect(items.map(({ model, sessionId }) => `${model} ${sessionId}`).toSorted()).toEqual([
      'openai:sim-large week-1-sim-large',
      'openai:sim-small week-1-sim-small',
    ])
    expect(new Set(items.map(({ experimentName }) => experimentName))).toEqual(
      new Set(['batch-testing-sim-small-vs-sim-large']),
    )
    for (const { id } of items) await waitForRun(system.client, id)
  })

  it('nothing is started when one of the models does not exist, and the field says so', async () => {
    await page.goto(`${system.url}/runs/new`)
    await page.getByRole('combobox', { name: 'Model', exact: true }).fill('openai:sim-small')
    await page.getByRole('button', { name: 'Add a model to compare' }).click()
    await page.getByRole('combobox', { name: 'Model 2' }).fill('openai:no-such-model')
    await page.keyboard.press('Escape')
    await page.getByTestId('start-run').click()
    await page.getByText('has no model "no-such-model"').first().waitFor()
    expect((await system.client.batch.list.query({})).items).toHaveLength(2)
  })

  it('filters stand in the address and survive a reload', async () => {
    await page.goto(`${system.url}/runs`)
    await expect.poll(rows).toBe(2)
    await page.getByRole('combobox', { name: 'Model' }).click()
    await page.getByRole('option', { name: 'openai:sim-large' }).click()
    await expect.poll(rows).toBe(1)
    expect(page.url()).toContain('model=')
    await page.reload()
    await expect.poll(rows).toBe(1)
    await page.getByRole('combobox', { name: 'Started' }).click()
    await page.getByRole('option', { name: 'From … to …' }).click()
    await page.getByLabel('To', { exact: true }).fill('2020-01-31')
    await page.getByText('No run fits the filter').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await expect.poll(rows).toBe(2)
  })

  it('selects runs by keyboard and compares their sessions', async () => {
    await page.goto(`${system.url}/runs`)
    await expect.poll(rows).toBe(2)
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('Select another one to compare.').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('2 runs selected').waitFor()
    await page.reload()
    await page.getByText('2 runs selected').waitFor()
    await page.getByRole('link', { name: 'Compare' }).click()
    await page.waitForURL(/\/analytics/)
    const table = page.getByTestId('comparison')
    await table.waitFor()
    expect(await table.innerText()).toContain('week-1-sim-large')
    expect(await table.innerText()).toContain('week-1-sim-small')
  })

  it('a clone brings the settings of its run', async () => {
    const { items } = await system.client.batch.list.query({ model: 'openai:sim-large' })
    await page.goto(`${system.url}/runs/new?clone=${items[0]?.id}`)
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Model', exact: true }).inputValue())
      .toBe('openai:sim-large')
    expect(await page.getByLabel('Session id').inputValue()).toBe('week-1-sim-large')
    await page.getByText('This session exists: 1 run').waitFor()
  })
})
