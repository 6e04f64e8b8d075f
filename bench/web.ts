import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { launchBrowser } from '../tests/support/browser.ts'

/**
 * The page in a real Chromium: how much JavaScript the first page takes and how soon it paints; then a
 * live run of 10,000 items with 1,000 events a second arriving, scrolled all the while.
 */
const webDir = fileURLToPath(new URL('../apps/web/dist', import.meta.url))
const firstPaints = 5
const warmUpMs = 15_000
const scrollMs = 20_000
const memoryMs = 120_000

export async function run(): Promise<void> {
  const replay = await startReplay()
  const browser = await launchBrowser()
  try {
    const first = await measureFirstPage(browser, replay.url)
    const live = await measureLivePage(browser, `${replay.url}/runs/${replay.runId}`)
    const result = { ...live, ...first, items: 10_000, eventsPerSecond: 1000 }
    await writeFile(new URL('results/web.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  } finally {
    await browser.close()
    replay.stop()
  }
}

async function startReplay(): Promise<{ url: string; runId: string; stop: () => void }> {
  const script = fileURLToPath(new URL('event-replay.ts', import.meta.url))
  const child = spawn(process.execPath, [script, webDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`The replay ended with code ${code}.`)))
  })
  return { ...(JSON.parse(line) as { url: string; runId: string }), stop: () => void child.kill() }
}

/** Runs in the page: resolves once something has been painted. */
const firstPaintScript = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint')
    if (paint) resolve(paint.startTime)
  }).observe({ type: 'paint', buffered: true })
})`

/** Sizes and paint of the runs page, each time with an empty cache. */
async function measureFirstPage(browser: Browser, url: string) {
  const paints: number[] = []
  let initialJsBytes = 0
  for (let index = 0; index < firstPaints; index++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const scripts: Promise<number>[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.body().then((body) => gzipSync(body).length))
    })
    await page.goto(`${url}/runs`)
    await page.getByTestId('run-row').first().waitFor()
    paints.push(await page.evaluate<number>(firstPaintScript))
    initialJsBytes = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0)
    await context.close()
  }
  const sorted = paints.toSorted((a, b) => a - b)
  return {
    initialJsGzipKb: round(initialJsBytes / 1024),
    firstContentfulPaintMs: round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN),
  }
}

async function measureLivePage(browser: Browser, url: string) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const devtools = await page.context().newCDPSession(page)
  await page.goto(url)
  await page.getByTestId('item-row').first().waitFor()
  await page.waitForTimeout(warmUpMs)
  const heapBefore = await heapMb(devtools)
  const { frames, longTaskMs, measuredMs } = await scrollFor(page, scrollMs)
  await page.waitForTimeout(memoryMs - scrollMs)
  const heapAfter = await heapMb(devtools)
  return {
    framesPerSecond: round((frames * 1000) / measuredMs),
    longTaskShare: round(longTaskMs / measuredMs, 4),
    heapGrowthMb: round(heapAfter - heapBefore),
    heapMb: round(heapAfter),
  }
}

/** Runs in the page: scrolls the table by a part of a row each frame, down and up, counts frames and long tasks. */
const scrollScript = `async (durationMs) => {
  let scroller = document.querySelector('[data-testid="item-row"]')
  while (scroller && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement
  if (!scroller) throw new Error('The table does not scroll.')
  let longTaskMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTaskMs += entry.duration
  })
  observer.observe({ type: 'longtask' })
  let frames = 0
  let step = 24
  const startMs = performance.now()
  await new Promise((resolve) => {
    const frame = () => {
      if (performance.now() - startMs >= durationMs) return resolve()
      frames += 1
      if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2) step = -24
      if (scroller.scrollTop <= 0) step = 24
      scroller.scrollTop += step
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  observer.disconnect()
  return { frames, longTaskMs, measuredMs: performance.now() - startMs }
}`

interface Scrolled {
  frames: number
  longTaskMs: number
  measuredMs: number
}

function scrollFor(page: Page, durationMs: number): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`(${scrollScript})(${durationMs})`)
}

/** After a forced collection, so that garbage does not count. */
async function heapMb(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return usedSize / 1024 / 1024
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}
