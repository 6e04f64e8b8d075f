import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startSystem, waitForRun, type System } from '../support/system.ts'

const webDir = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

describe('editing and importing suites in a real browser', () => {
  let system: System
  let browser: Browser
  let page: Page
  let versionId: string
  let suiteId: string
  let runId: string

  beforeAll(async () => {
    if (!existsSync(webDir)) throw new Error('Build the dashboard first: pnpm turbo run build.')
    system = await startSystem({ webDir })
    const created = await system.client.batch.suites.create.mutate({
      name: 'Editable',
      cases: ['one', 'two', 'three'].map((id) => ({ id, prompt: `Prompt ${id}` })),
    })
    versionId = created.versionId
    suiteId = created.id
    runId = (await system.client.batch.create.mutate({ suiteVersionId: versionId, model: 'openai:sim-small' })).runId
    await waitForRun(system.client, runId)
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  const rows = () => page.getByTestId('case-row').count()
  const panel = () => page.getByTestId('case-panel')
  const casesOf = async (id: string) =>
    (await system.client.batch.suites.cases.query({ versionId: id, limit: 100 })).items

  it('changes, adds and removes cases, and saves them as the next version; the run keeps the first', async () => {
    await page.goto(`${system.url}/suites/${versionId}`)
    await expect.poll(rows).toBe(3)
    await page.keyboard.press('j')
    await panel().waitFor()
    await panel().getByLabel('Prompt', { exact: true }).fill('Prompt one, better')
    await panel().getByLabel('Id', { exact: true }).fill('two')
    await panel().getByText('Another case has this id.').waitFor()
    await panel().getByLabel('Id', { exact: true }).fill('first')
    await panel().getByRole('button', { name: 'Add a validator' }).click()
    await page.getByRole('menuitem', { name: /^max-words/ }).click()
    await page.getByTestId('case-row').nth(1).click()
    await panel().getByRole('button', { name: 'Remove the case' }).click()
    await panel().getByText('This case goes with the next version.').waitFor()
    await page.getByRole('button', { name: 'Add a case' }).click()
    await panel().getByLabel('Prompt', { exact: true }).fill('A new prompt')
    await page.getByText('3 changes').waitFor()
    await page.getByRole('button', { name: 'Save as version 2' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(versionId))
    await expect.poll(rows).toBe(3)

    const [newest, first] = await system.client.batch.suites.versions.query({ suiteId })
    expect([newest?.version, newest?.runCount, first?.version, first?.runCount]).toEqual([2, 0, 1, 1])
    const cases = await casesOf(newest?.versionId ?? '')
    expect(cases.map(({ id }) => id)).toEqual(['first', 'three', 'case-4'])
    expect(cases[0]).toMatchObject({ turns: ['Prompt one, better'], validators: [{ type: 'max-words' }] })
    expect((await casesOf(versionId)).map(({ id }) => id)).toEqual(['one', 'two', 'three'])
    expect((await system.client.batch.get.query({ runId })).suite.version).toBe(1)
  })

  it('asks before unsaved changes are lost, and tells when somebody else was faster', async () => {
    await page.getByTestId('case-row').first().click()
    await panel().getByLabel('Expected').fill('Something')
    await page.getByRole('link', { name: 'Sessions' }).click()
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click()
    await page.getByText('1 change').waitFor()
    await system.client.batch.suites.edit.mutate({ suiteId, expectedVersion: 2, upserts: [], removes: ['three'] })
    await page.getByRole('button', { name: 'Save as version 3' }).click()
    await page.getByText('Somebody saved another version of Editable meanwhile.').waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => page.getByText('1 change').count()).toBe(0)
  })

  it('an older version can be read and not edited; a filter and an open case stand in the address', async () => {
    await page.goto(`${system.url}/suites/${versionId}?q=three`)
    await expect.poll(rows).toBe(1)
    await page.getByTestId('case-row').first().click()
    await panel().getByText('This is an older version').waitFor()
    expect(page.url()).toContain('case=three')
    await page.reload()
    await panel().waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => panel().count()).toBe(0)
    await page.getByRole('link', { name: 'Run this suite' }).click()
    await expect.poll(() => page.getByRole('combobox', { name: 'Suite' }).inputValue()).toContain('version')
  })

  it('a table is imported with its columns mapped, and nothing is saved before', async () => {
    await page.goto(`${system.url}/suites`)
    await page.getByRole('button', { name: 'Import' }).first().click()
    const dialog = page.getByRole('dialog')
    await page.locator('input[type=file]').setInputFiles({
      name: 'Quiz.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Question,Solution,Topic\n"What is 2+2, really?",4,maths\nCapital of France?,Paris,places\n'),
    })
    await dialog.getByText('2 cases').waitFor()
    // The name of the second column says nothing; a person does.
    await dialog.getByRole('combobox', { name: 'Column Solution' }).click()
    await page.getByRole('option', { name: 'expected' }).click()
    expect((await system.client.batch.suites.list.query({})).items.map(({ name }) => name)).not.toContain('Quiz')
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('link', { name: 'Quiz' }).waitFor()
    const quiz = (await system.client.batch.suites.list.query({})).items.find(({ name }) => name === 'Quiz')
    expect(await casesOf(quiz?.versionId ?? '')).toMatchObject([
      { id: '1', turns: ['What is 2+2, really?'], expected: '4', group: 'maths' },
      { id: '2', turns: ['Capital of France?'], expected: 'Paris', group: 'places' },
    ])
  })
})
