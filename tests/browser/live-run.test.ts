import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const caseCount = 60

describe('the dashboard in a real browser', () => {
  let system: System
  let proxy: CuttingProxy
  let browser: Browser
  let page: Page
  let pageErrors: string[]

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir, simulator: { latencyMs: 100, jitterMs: 60 } })
    proxy = await startCuttingProxy(system.url)
    browser = await launchBrowser()
    const cases = Array.from({ length: caseCount }, (_, index) => ({ id: `c${index}`, prompt: `Question ${index}` }))
    await system.client.batch.suites.create.mutate({ name: 'Browser suite', cases })
  })
  afterAll(async () => {
    await browser?.close()
    await proxy?.close()
    await system?.close()
  })
  beforeEach(async () => {
    await page?.close()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    pageErrors = []
    page.on('pageerror', (error) => pageErrors.push(error.message))
  })

  const numberOf = async (testId: string) =>
    Number((await page.getByTestId(testId).first().innerText()).replaceAll(/\D/g, ''))

  /** Fills in the form as a user would and starts the run. Returns the run's id. */
  const startRun = async (url: string, concurrency: number) => {
    await page.goto(`${url}/runs/new`)
    await page.getByRole('combobox', { name: 'Model', exact: true }).fill('openai:sim-small')
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Suite' }).click()
    await page.getByRole('option', { name: /Browser suite/ }).click()
    await page.getByRole('switch', { name: 'Judge the answers' }).press('Space')
    await page.getByRole('combobox', { name: 'Judge model' }).fill('openai:sim-large')
    await page.keyboard.press('Escape')
    await page.getByLabel('Concurrency').fill(String(concurrency))
    await page.getByTestId('start-run').click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
    return /\/runs\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  }

  it('starts a run and shows scores as they come, through a dropped connection, to the counts of the database', async () => {
    const runId = await startRun(proxy.url, 2)
    await expect.poll(() => numberOf('count-judged'), { timeout: 20_000 }).toBeGreaterThan(3)
    const firstScore = page.getByTestId('item-row').first().getByTestId('score-cell').first()
    await expect.poll(() => firstScore.innerText(), { timeout: 20_000 }).toMatch(/^\d/)
    const { items } = await system.client.batch.items.query({ runId, limit: 1 })
    const criterion = (await system.client.batch.get.query({ runId })).judge?.criteria[0]?.id
    const stored = items[0]?.scores.find((entry) => entry.criterion === criterion)?.score
    expect(Number(await firstScore.innerText())).toBe(stored)

    proxy.cut()
    await page.getByTestId('connection-banner').waitFor({ timeout: 20_000 })
    await new Promise((resolve) => setTimeout(resolve, 500))
    proxy.mend()
    await page.getByTestId('connection-banner').waitFor({ state: 'detached', timeout: 30_000 })

    const run = await waitForRun(system.client, runId)
    await expect.poll(() => numberOf('count-judged'), { timeout: 20_000 }).toBe(run.progress.counts.judged)
    expect(run.progress.counts.judged).toBe(caseCount)
    expect(await numberOf('count-total')).toBe(caseCount)
    expect(await numberOf('count-failed')).toBe(0)
    expect(pageErrors).toEqual([])
  })

  it('pauses, resumes and opens an answer with the judge’s reasoning', async () => {
    const runId = await startRun(system.url, 2)
    await expect.poll(() => numberOf('count-judged'), { timeout: 20_000 }).toBeGreaterThan(1)
    await page.getByTestId('pause').click()
    await page.getByTestId('resume').waitFor({ timeout: 10_000 })
    expect((await system.client.batch.get.query({ runId })).status).toBe('paused')
    await page.getByTestId('resume').click()

    await page.getByTestId('item-row').first().click()
    const panel = page.getByTestId('item-panel')
    await panel.waitFor()
    const { items } = await system.client.batch.items.query({ runId, limit: 1 })
    const detail = await system.client.batch.item.query({ itemId: items[0]?.id ?? '' })
    await expect.poll(() => panel.innerText()).toContain(detail.judgments[0]?.evidence.reasoning)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })

    await page.getByTestId('cancel').click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /cancel (the )?run/i })
      .click()
    await expect.poll(async () => (await system.client.batch.get.query({ runId })).status).toBe('cancelled')
    expect(pageErrors).toEqual([])
  })

  it('retries the failed ones at the press of a button', async () => {
    system.simulator.configure({ refuseRate: 0.4 })
    const runId = await startRun(system.url, 16)
    const run = await waitForRun(system.client, runId)
    system.simulator.configure({ refuseRate: 0 })
    const { failed, judgeFailed } = run.progress.counts
    expect(failed + judgeFailed).toBeGreaterThan(0)
    await expect.poll(() => numberOf('count-failed'), { timeout: 20_000 }).toBe(failed)
    await page.getByTestId('retry-failed').click()
    await expect.poll(() => numberOf('count-judged'), { timeout: 30_000 }).toBe(caseCount)
    expect(await numberOf('count-failed')).toBe(0)
    expect(pageErrors).toEqual([])
  })

  it('lists the runs with their progress and quality', async () => {
    await page.goto(`${system.url}/runs`)
    await expect.poll(() => page.getByTestId('run-row').count()).toBe(3)
    const text = await page.getByTestId('run-row').allInnerTexts()
    expect(text.join(' ')).toContain('Browser suite')
    expect(text.join(' ')).toMatch(/Completed/i)
    expect(text.join(' ')).toMatch(/Cancelled/i)
    expect(pageErrors).toEqual([])
  })
})
