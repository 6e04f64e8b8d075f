import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../tests/support/browser.ts'
import { screens, seedScreens } from '../tests/support/screens.ts'
import { startSystem } from '../tests/support/system.ts'

/**
 * `pnpm screenshots [FOLDER] [NAME ...]`: pictures of every screen (or of the named ones) in both colour
 * schemes, of a system that it starts and fills itself. Build the dashboard first.
 */
const [folderName = fileURLToPath(new URL('../docs/images', import.meta.url)), ...names] = process.argv.slice(2)
const unknown = names.filter((name) => !screens.some((screen) => screen.name === name))
if (unknown.length > 0) {
  process.stderr.write(
    `No such screen: ${unknown.join(', ')}. There are ${screens.map(({ name }) => name).join(', ')}.\n`,
  )
  process.exit(2)
}
await mkdir(folderName, { recursive: true })

const webDir = fileURLToPath(new URL('../apps/web/dist', import.meta.url))
const system = await startSystem({ webDir, simulator: { demo: true, latencyMs: 20, jitterMs: 60 } })
const seeded = await seedScreens(system)
const browser = await launchBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  const suffix = colorScheme === 'dark' ? '-dark' : ''
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme })
  for (const { name, path, ready } of screens) {
    if (names.length > 0 && !names.includes(name)) continue
    await page.goto(`${system.url}${path(seeded)}`)
    await ready(page)
    // Fonts, transitions and the last lazy part.
    await page.waitForTimeout(600)
    await page.screenshot({ path: `${folderName}/${name}${suffix}.png` })
  }
  await page.close()
}
await browser.close()
await system.close()
process.exit(0)
