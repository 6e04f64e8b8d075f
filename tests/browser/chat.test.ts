import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

describe('chat in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  const answers = () => page.getByTestId('chat-answer').count()
  const choose = async (name: string, model: string) => {
    await page.getByRole('combobox', { name, exact: true }).fill(model)
    await page.keyboard.press('Escape')
  }
  const say = async (text: string) => {
    await page.getByLabel('Message').fill(text)
    await page.keyboard.press('Enter')
  }

  it('talks to a model: the answer streams in, with what it took', async () => {
    await page.goto(`${system.url}/chat`)
    await page.getByText('No conversations yet.').waitFor()
    await choose('Model', 'openai:sim-small')
    await page.getByRole('switch', { name: 'Session tag' }).press('Space')
    await page.getByLabel('Session id').fill('chat-1')
    await say('What is a good name for a cat?')
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/)
    await expect.poll(() => answers()).toBe(1)
    expect(await page.getByTestId('chat-answer').innerText()).toMatch(/openai:sim-small · \d+ tokens in · \d+ out/)
    await say('And for a dog?')
    await expect.poll(() => answers()).toBe(2)
    const { messageCount, models } = await system.client.session.get.query({ sessionId: 'chat-1' })
    expect({ messageCount, models }).toEqual({ messageCount: 4, models: ['openai:sim-small'] })
  })

  it('stops a reply with Esc, keeps what was written, and shows it after a reload', async () => {
    system.simulator.configure({ tokensPerSecond: 15 })
    await say('Tell me a long story.')
    await expect.poll(() => page.getByTestId('chat-reply').innerText()).toMatch(/You ask|question|know|Let me/)
    await page.reload()
    // The reply goes on while nobody looks, and is not asked for a second time.
    await expect.poll(() => page.getByTestId('chat-reply').innerText()).toMatch(/You ask|question|know|Let me/)
    await page.keyboard.press('Escape')
    await page.getByText('stopped', { exact: false }).first().waitFor()
    await expect.poll(() => answers()).toBe(3)
    expect(await page.getByTestId('chat-question').count()).toBe(3)
    system.simulator.configure({ tokensPerSecond: 0 })
  })

  it('says why an answer did not come, and tries again without asking twice', async () => {
    system.simulator.configure({ errorRate: 1 })
    await say('Is it raining?')
    await page.getByText('No answer: overloaded').or(page.getByText('No answer: unknown')).first().waitFor()
    system.simulator.configure({ errorRate: 0 })
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => answers()).toBe(4)
    expect(await page.getByTestId('chat-question').count()).toBe(4)
  })

  it('judges an answer, rates it, and keeps it as a case of a new suite', async () => {
    const last = page.getByTestId('chat-answer').last()
    await last.getByRole('button', { name: 'Judge' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Judge model' }).fill('openai:sim-large')
    await page.keyboard.press('Tab')
    await dialog.getByRole('button', { name: 'Judge', exact: true }).click()
    await last
      .getByText(/confidence \d+%/)
      .first()
      .waitFor()
    await last.getByRole('button', { name: 'Good answer' }).click()
    await expect.poll(() => last.getByRole('button', { name: 'Good answer' }).getAttribute('aria-pressed')).toBe('true')

    await last.getByRole('button', { name: 'Save as case' }).click()
    await dialog.getByLabel('Suite').fill('From chat')
    await page.keyboard.press('Tab')
    await dialog.getByLabel('Expected answer').fill('It depends on the place.')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByText('Saved as version 1').waitFor()
    const { items } = await system.client.batch.suites.list.query({})
    const cases = await system.client.batch.suites.cases.query({ versionId: items[0]?.versionId ?? '' })
    expect(cases.items[0]).toMatchObject({ id: 'chat-1', expected: 'It depends on the place.' })
    expect(cases.items[0]?.turns).toHaveLength(4)
    await dialog.getByRole('button', { name: 'Done' }).click()
  })

  it('puts one message to two models side by side', async () => {
    await page.getByRole('link', { name: 'New', exact: true }).click()
    await page.getByRole('button', { name: 'Compare with a second model' }).click()
    await choose('Model', 'openai:sim-small')
    await choose('Second model', 'openai:sim-large')
    await say('Which of you is bigger?')
    await page.waitForURL(/beside=/)
    await expect.poll(() => answers()).toBe(2)
    expect(await page.getByTestId('chat-answer').first().innerText()).toContain('openai:sim-small')
    expect(await page.getByTestId('chat-answer').last().innerText()).toContain('openai:sim-large')
    await say('Are you sure?')
    await expect.poll(() => answers()).toBe(4)
  })

  it('a model that does not exist leaves no conversation behind; one is deleted only when asked', async () => {
    const before = (await system.client.session.chat.list.query({})).items.length
    await page.goto(`${system.url}/chat`)
    await choose('Model', 'nobody:nothing')
    await say('Hello?')
    await page.getByText('There is no provider "nobody"').waitFor()
    expect((await system.client.session.chat.list.query({})).items).toHaveLength(before)
    await page.getByRole('button', { name: 'Delete What is a good name for a cat?' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click()
    await expect.poll(async () => (await system.client.session.chat.list.query({})).items.length).toBe(before - 1)
  })
})
