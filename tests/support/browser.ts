import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser } from 'playwright-core'

/**
 * A real Chromium: the one that CHROMIUM_PATH names, or the one that comes with the npm packages, which
 * needs no download step.
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH']
  return playwright.launch({
    executablePath: named || (await chromium.executablePath()),
    // In one process, Chromium would end with its first page that closes.
    args: named ? ['--no-sandbox'] : chromium.args.filter((arg) => arg !== '--single-process'),
    headless: true,
  })
}
