import { AxeBuilder } from '@axe-core/playwright'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { screens, seedScreens, type Seeded } from '../support/screens.ts'
import { startSystem, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

describe('every screen', () => {
  let system: System
  let browser: Browser
  let seeded: Seeded

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir, simulator: { demo: true } })
    seeded = await seedScreens(system)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  /** A page that remembers what went wrong in it. */
  async function openPage(colorScheme: 'light' | 'dark', width = 1280): Promise<{ page: Page; problems: string[] }> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    return { page, problems }
  }

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    it.each(screens)('$name: no serious accessibility violation, no error in the console', async ({ path, ready }) => {
      const { page, problems } = await openPage(colorScheme)
      await page.goto(`${system.url}${path(seeded)}`)
      await ready(page)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`)
      expect(serious).toEqual([])
      expect(problems).toEqual([])
      await page.context().close()
    })
  })

  it.each(screens)('$name: nothing runs over the edge of a phone', async ({ path, ready }) => {
    const { page } = await openPage('light', 390)
    await page.goto(`${system.url}${path(seeded)}`)
    await ready(page)
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(390)
    await page.context().close()
  })

  it('the command palette finds a run by a part of its tag and opens it, by keyboard alone', async () => {
    const { page } = await openPage('light')
    await page.goto(`${system.url}/suites`)
    await page.getByText('Customer Support').first().waitFor()
    await page.keyboard.press('Control+k')
    const search = page.getByLabel('Search runs, suites, sessions and commands')
    await search.waitFor()
    await search.fill('bad-day')
    await page.getByRole('dialog').getByText('support-bad-day').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(seeded.failingRunId))

    await page.keyboard.press('Control+k')
    await search.fill('go to sess')
    await page.getByText('Go to Sessions').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/sessions$/)

    await page.keyboard.press('Control+k')
    await search.fill('no such thing at all')
    await page.getByText('Nothing is called').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('?')
    await page.getByText('Keyboard shortcuts').waitFor()
    await page.context().close()
  })
})
