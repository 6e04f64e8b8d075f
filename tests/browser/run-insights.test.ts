import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const caseCount = 60
/** Far behind what a row shows of its prompt. */
const needle = 'needle-in-a-haystack'
const criteria = ['helpfulness', 'clarity']

const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 })

describe('the page of a run', () => {
  let system: System
  let browser: Browser
  let page: Page
  let pageErrors: string[]
  let suiteVersionId: string
  let finishedRunId: string

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    browser = await launchBrowser()
    const suite = await system.client.batch.suites.create.mutate({
      name: 'Insights suite',
      cases: Array.from({ length: caseCount }, (_, index) => ({
        id: `c${index}`,
        prompt: index === 7 ? `${'word '.repeat(200)}${needle}` : `Question ${index}`,
        tags: [index % 2 === 0 ? 'even' : 'odd'],
        validators: [index % 3 === 0 ? { type: 'max-words', value: 1 } : { type: 'not-contains', value: '§§' }],
      })),
    })
    suiteVersionId = suite.versionId
    finishedRunId = await startRun(16)
    await waitForRun(system.client, finishedRunId, ['completed'])
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })
  beforeEach(async () => {
    await page?.close()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    pageErrors = []
    page.on('pageerror', (error) => pageErrors.push(error.message))
  })

  const startRun = async (concurrency: number, judge = true) => {
    const { runId } = await system.client.batch.create.mutate({
      suiteVersionId,
      model: 'openai:sim-small',
      concurrency,
      judge: judge ? { model: 'openai:sim-large', criteria } : null,
    })
    return runId
  }
  const open = async (runId: string, search = '') => {
    await page.goto(`${system.url}/runs/${runId}${search}`)
    await page.getByTestId('item-row').first().waitFor()
  }
  const rows = () => page.getByTestId('item-row')
  /** Ids of the rows in sight, from the top; rows stand in the document as they were drawn. */
  const idsInSight = () =>
    rows().evaluateAll((elements) =>
      elements
        .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
        .map((element) => element.getAttribute('data-item-id')),
    )
  const rowCount = async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1
  const searchOf = () => new URL(page.url()).searchParams

  it('draws the scores that the server counts, and a click on a bar shows those items', async () => {
    const insights = await system.client.batch.insights.query({ runId: finishedRunId })
    await open(finishedRunId)
    await page.getByTestId('insights-toggle').click()
    const panel = page.getByTestId('insights')
    const counts = insights.scores.find(({ criterion }) => criterion === 'helpfulness')?.counts ?? []
    const most = Math.max(...counts)
    const score = counts.indexOf(most) + 1
    for (const [index, count] of counts.entries())
      await panel
        .getByRole('button', {
          name: `Helpfulness ${index + 1}: ${count} ${count === 1 ? 'item' : 'items'}`,
          exact: true,
        })
        .waitFor()
    await panel.getByRole('button', { name: `Helpfulness ${score}: ${most} items` }).click()
    await eventually(rowCount).toBe(most)
    expect(searchOf().get('view')).toBe('insights')
    expect(searchOf().get('score')).toContain(`helpfulness:${score}..${score}`)
    const cells = page.locator('[data-testid="score-cell"][data-criterion="helpfulness"]')
    expect(new Set(await cells.allInnerTexts())).toEqual(new Set([String(score)]))
    // The address is enough to come back here; and a second click clears it.
    await page.reload()
    await eventually(rowCount).toBe(most)
    await panel.getByRole('button', { name: `Helpfulness ${score}:` }).click()
    await eventually(rowCount).toBe(caseCount)
    // With the insights open, rows are still in sight.
    expect((await rows().nth(4).boundingBox())?.y).toBeLessThan(760)
    expect(pageErrors).toEqual([])
  })

  it('moves through the bars with the arrow keys', async () => {
    await open(finishedRunId, '?view=insights')
    const bars = page.getByTestId('insights').getByRole('button', { name: /^Clarity \d/ })
    await bars.nth(3).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await eventually(() => searchOf().get('score')).toContain('clarity:5..5')
    expect(pageErrors).toEqual([])
  })

  it('shows which checks fail, by type and by tag, and the items that failed them', async () => {
    const { checks, tags } = await system.client.batch.insights.query({ runId: finishedRunId })
    const worst = checks.find(({ type }) => type === 'max-words')
    expect(worst?.total).toBe(caseCount / 3)
    const failed = (worst?.total ?? 0) - (worst?.passed ?? 0)
    expect(failed).toBeGreaterThan(0)
    await open(finishedRunId, '?view=insights')
    const panel = page.getByTestId('insights')
    await panel.getByRole('button', { name: /^max-words/ }).click()
    await eventually(rowCount).toBe(failed)
    await panel.getByRole('button', { name: 'By tag' }).click()
    const odd = tags.find(({ tag }) => tag === 'odd')
    await panel.getByRole('button', { name: new RegExp(`^odd.*${odd?.passed}/${odd?.total}`) }).click()
    await eventually(rowCount).toBe((odd?.total ?? 0) - (odd?.passed ?? 0))
    expect(searchOf().get('tag')).toBe('odd')
    await page.getByRole('button', { name: 'Remove the filter tag odd' }).click()
    await eventually(rowCount).toBe(failed)
    expect(pageErrors).toEqual([])
  })

  it('sorts by a column and says so', async () => {
    await open(finishedRunId)
    const head = page.getByRole('columnheader', { name: /^Help/ })
    expect(await head.getAttribute('aria-sort')).toBe('none')
    await head.getByRole('button').click()
    await eventually(() => head.getAttribute('aria-sort')).toBe('ascending')
    const scores = async () => {
      const { items } = await system.client.batch.items.query({ runId: finishedRunId, limit: 500 })
      const shown = await idsInSight()
      return shown.map(
        (id) => items.find((item) => item.id === id)?.scores.find((s) => s.criterion === 'helpfulness')?.score,
      )
    }
    const up = await scores()
    expect(up).toEqual(up.toSorted((a, b) => (a ?? 11) - (b ?? 11)))
    await head.getByRole('button').click()
    await eventually(() => head.getAttribute('aria-sort')).toBe('descending')
    const down = await scores()
    expect(down[0]).toBeGreaterThan(up[0] ?? 10)
    expect(searchOf().get('sort')).toBe('-score_helpfulness')
    await head.getByRole('button').click()
    await eventually(() => searchOf().get('sort')).toBeNull()
    expect(pageErrors).toEqual([])
  })

  it('hides and shows columns, and keeps them in the address', async () => {
    await open(finishedRunId)
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'Prompt' }).click()
    await page.getByRole('checkbox', { name: 'Clarity' }).click()
    await eventually(() => page.getByRole('columnheader', { name: 'Prompt' }).count()).toBe(0)
    await page.reload()
    await rows().first().waitFor()
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual([
      '#',
      'Case',
      'State',
      'Answer',
      'Help',
      'Checks',
      'Latency',
      'Tokens',
      'Cost',
    ])
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('button', { name: 'Show all' }).click()
    await eventually(() => page.getByRole('columnheader', { name: 'Prompt' }).count()).toBe(1)
    expect(searchOf().get('cols')).toBeNull()
    expect(pageErrors).toEqual([])
  })

  it('finds a word that no row shows', async () => {
    await open(finishedRunId)
    await page.getByRole('textbox', { name: /Filter by case/ }).fill(needle.toUpperCase())
    await eventually(rowCount).toBe(1)
    expect(await rows().first().innerText()).toContain('c7')
    expect(pageErrors).toEqual([])
  })

  it('downloads the run as a file named after its tag', async () => {
    await open(finishedRunId)
    const { sessionId } = await system.client.batch.get.query({ runId: finishedRunId })
    await page.getByTestId('export').click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /JSONL/ }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe(`${sessionId}.jsonl`)
    const text = await readFile(await download.path(), 'utf8')
    expect(text.trimEnd().split('\n')).toHaveLength(caseCount)
    expect(pageErrors).toEqual([])
  })

  it('holds rows still while the run moves, until the reader takes the changes in', async () => {
    system.simulator.configure({ latencyMs: 150 })
    const runId = await startRun(2, false)
    await open(runId, '?state=answered')
    const before = await idsInSight()
    const pill = page.getByTestId('waiting-pill')
    await eventually(() => pill.innerText()).toMatch(/^\d+ new/)
    expect(await idsInSight()).toEqual(before)
    await page.keyboard.press('n')
    await eventually(rowCount).toBeGreaterThan(before.length)

    // Answered ones that are judged now fit no longer: they stay where they are and stand back.
    await page.keyboard.press('p')
    await page.getByTestId('resume').waitFor()
    const shown = await idsInSight()
    const { items } = await system.client.batch.items.query({ runId, limit: 1 })
    const messageId = items[0]?.messageId ?? ''
    await system.client.judge.judgeMessage.mutate({ messageId, model: 'openai:sim-large', criteria })
    await rows().first().and(page.locator('[data-left]')).waitFor()
    expect((await idsInSight()).slice(0, shown.length)).toEqual(shown)
    await pill.click()
    await eventually(async () => (await idsInSight()).includes(items[0]?.id ?? '')).toBe(false)
    system.simulator.configure({ latencyMs: 0 })
    await system.client.batch.cancel.mutate({ runId })
    expect(pageErrors).toEqual([])
  })

  it('reaches every item of a run with more rows than the page loads', async () => {
    const many = 10_050
    const suite = await system.client.batch.suites.create.mutate({
      name: 'Big suite',
      cases: Array.from({ length: many }, (_, index) => ({ id: `big-${index}`, prompt: `Question number ${index}.` })),
    })
    system.simulator.configure({ latencyMs: 60_000 })
    const { runId } = await system.client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency: 1,
    })
    await system.client.batch.cancel.mutate({ runId })
    system.simulator.configure({ latencyMs: 0 })
    await open(runId)
    await page.getByText('the first 10,000 are listed').waitFor({ timeout: 30_000 })
    expect(await rowCount()).toBe(10_000)
    await page.getByRole('textbox', { name: /Filter by case/ }).fill('number 10049.')
    await eventually(rowCount).toBe(1)
    expect(await rows().first().innerText()).toContain('big-10049')
    await rows().first().click()
    await page.getByTestId('item-panel').waitFor()
    await open(runId, '?sort=-position')
    await eventually(() => rows().first().innerText()).toContain('big-10049')
    const loaded = await rowCount()
    await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }))
    await eventually(rowCount).toBeGreaterThan(loaded)
    expect(pageErrors).toEqual([])
  })
})
