import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const canary = 'sk-canary-3f9b1c'

describe('settings in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page
  let received = ''

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    const simulated = await startSystem({})
    system = await startSystem({
      webDir,
      variables: {
        OPENAI_API_KEY: canary,
        OPENAI_BASE_URL: simulated.simulator.openaiBaseUrl,
        ANTHROPIC_BASE_URL: undefined,
      },
    })
    const close = system.close
    system.close = async () => {
      await close()
      await simulated.close()
    }
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.on(
      'response',
      (response) =>
        void response
          .text()
          .then((text) => (received += text))
          .catch(() => {}),
    )
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it('providers: says what is set up and what is missing, and a test call tells how long it took', async () => {
    await page.goto(`${system.url}/settings`)
    await page.waitForURL(/settings\/providers/)
    await page.getByText('There is no key for Anthropic.').waitFor()
    await page.getByRole('combobox', { name: 'Test call' }).fill('openai:sim-small')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Call' }).click()
    await page.getByText(/Answered in \d/).waitFor()
    await page.getByRole('combobox', { name: 'Test call' }).fill('openai:no-such-model')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Call' }).click()
    await page.getByText('The call failed').waitFor()
    expect(received).toContain('OPENAI_API_KEY')
    expect(received).not.toContain(canary)
  })

  it('prices: one that is entered counts in the next estimate, and can be taken back', async () => {
    const { versionId } = await system.client.batch.suites.create.mutate({
      name: 'Priced',
      cases: [{ id: 'a', prompt: 'Name a colour.' }],
    })
    const estimate = () => system.client.batch.estimate.query({ suiteVersionId: versionId, model: 'openai:sim-small' })
    expect((await estimate()).total).toBeNull()

    await page.goto(`${system.url}/settings/prices`)
    await page.getByRole('button', { name: 'Add a price' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Model').fill('openai:sim-small')
    await dialog.getByRole('button', { name: 'Save the price' }).click()
    await dialog.getByText('Give an amount in dollars').first().waitFor()
    await dialog.getByLabel('Input', { exact: true }).fill('2.5')
    await dialog.getByLabel('Output').fill('10')
    await dialog.getByRole('button', { name: 'Save the price' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect((await estimate()).total?.highMicros).toBeGreaterThan(0)
    const saved = (await system.client.batch.prices.list.query()).find(({ model }) => model === 'openai:sim-small')
    expect(saved).toMatchObject({ inputMicrosPerMillion: 2_500_000, outputMicrosPerMillion: 10_000_000 })

    await page.getByLabel('Filter by model or source').fill('sim-small')
    await expect.poll(() => page.getByTestId('price-row').count()).toBe(1)
    await page.getByRole('button', { name: /Take back the price of openai:sim-small/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await expect.poll(() => page.getByTestId('price-row').count()).toBe(0)
    expect((await estimate()).total).toBeNull()
  })

  it('criteria: one of the user’s own can be chosen for a run, is scored, and can be put away and back', async () => {
    await page.goto(`${system.url}/settings/criteria`)
    await page.getByRole('button', { name: 'Own criterion' }).click()
    await page.getByLabel('Name').fill('Tone of voice')
    await page.getByLabel('What it asks').fill('Is the answer friendly?')
    for (const [score, text] of [
      ['1', 'Rude.'],
      ['4', 'Cold.'],
      ['7', 'Polite.'],
      ['10', 'Warm.'],
    ] as const)
      await page.getByLabel(`Score ${score}`, { exact: true }).fill(text)
    await page.getByRole('button', { name: 'Add criterion' }).click()
    await page.getByRole('button', { name: 'Change Tone of voice' }).waitFor()

    await page.goto(`${system.url}/runs/new`)
    await page.getByRole('switch', { name: 'Judge the answers' }).press('Space')
    await page.getByRole('checkbox', { name: 'Tone of voice' }).waitFor()
    const { items } = await system.client.batch.suites.list.query({})
    const { runId } = await system.client.batch.create.mutate({
      suiteVersionId: items[0]?.versionId ?? '',
      model: 'openai:sim-small',
      judge: { model: 'openai:sim-large', criteria: ['tone_of_voice'] },
    })
    const run = await waitForRun(system.client, runId)
    expect(run.progress.quality).toMatchObject([{ criterion: 'tone_of_voice', n: 1 }])

    await page.goto(`${system.url}/settings/criteria`)
    await page.getByRole('button', { name: 'Put Tone of voice away' }).click()
    await page.getByText('The criterion was put away.').waitFor()
    expect((await system.client.judge.criteria.query()).map(({ id }) => id)).not.toContain('tone_of_voice')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Change Tone of voice' }).waitFor()
  })

  it('validators: each can be tried on an answer', async () => {
    await page.goto(`${system.url}/settings/validators`)
    await page.getByLabel('Answer for numeric').fill('It is 43.')
    await page.getByRole('region', { name: 'numeric' }).getByRole('button', { name: 'Try it' }).click()
    await page.getByText(/Failed: /).waitFor()
    await page.getByLabel('Validator numeric').fill('{"type": "numeric", "value": 43}')
    await page.getByRole('region', { name: 'numeric' }).getByRole('button', { name: 'Try it' }).click()
    await page.getByText('Passed').waitFor()
    await page.getByLabel('Validator numeric').fill('{"type": "numeric"')
    await page.getByRole('region', { name: 'numeric' }).getByRole('button', { name: 'Try it' }).click()
    await page.getByText('This is not JSON').waitFor()
  })
})
