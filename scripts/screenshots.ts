import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../tests/support/browser.ts'

/** `pnpm screenshots URL`: pictures of a running Proctor's pages, in both colour schemes, for the docs. */
const url = process.argv[2]
if (!url) {
  process.stderr.write('Name the address of a running Proctor: pnpm screenshots http://127.0.0.1:4000\n')
  process.exit(2)
}
const folder = fileURLToPath(new URL('../docs/images/', import.meta.url))
await mkdir(folder, { recursive: true })

const browser = await launchBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  const suffix = colorScheme === 'dark' ? '-dark' : ''
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme })
  const shoot = (name: string) => page.screenshot({ path: `${folder}${name}${suffix}.png` })
  await page.goto(`${url}/runs`)
  await page.getByTestId('run-row').first().waitFor()
  await shoot('runs')
  await page.getByTestId('run-row').first().click()
  await page.getByTestId('item-row').first().waitFor()
  await page.waitForTimeout(500)
  await shoot('run')
  await page.getByTestId('item-row').first().click()
  await page.getByTestId('item-panel').waitFor()
  await page.waitForTimeout(800)
  await shoot('item')
  await page.goto(`${url}/runs/new`)
  await page.getByTestId('start-run').waitFor()
  await page.waitForTimeout(500)
  await shoot('new-run')
  await page.close()
}
await browser.close()
