import type { ProctorClient } from '@proctor/client'
import type { CreateRunRequest, CreateSuiteRequest } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSystem, type System } from '../support/system.ts'

describe('bad input', () => {
  let system: System
  let client: ProctorClient
  let suiteVersionId: string

  beforeAll(async () => {
    system = await startSystem()
    client = system.client
    const suite = await client.batch.suites.create.mutate({ name: 'Good', cases: [{ id: 'a', prompt: 'Hi' }] })
    suiteVersionId = suite.versionId
  })
  afterAll(() => system?.close())

  const judge = { model: 'openai:sim-large', criteria: ['clarity'] }

  it.each<[string, object, { code?: string; field: string; says: string }]>([
    ['a model without a provider', { model: 'gpt-4' }, { field: 'model', says: 'provider:model' }],
    [
      'an unknown provider',
      { model: 'acme:m' },
      { code: 'unknown-provider', field: 'model', says: 'openai, anthropic' },
    ],
    [
      'an unknown model',
      { model: 'openai:sim-smal' },
      { code: 'unknown-model', field: 'model', says: 'openai:sim-small' },
    ],
    [
      'an unknown judge',
      { judge: { ...judge, model: 'openai:nobody' } },
      { code: 'unknown-model', field: 'judge.model', says: 'Choose one of' },
    ],
    [
      'an unknown criterion',
      { judge: { ...judge, criteria: ['beauty'] } },
      { field: 'judge.criteria.0', says: 'helpfulness, accuracy' },
    ],
    [
      'no criterion',
      { judge: { ...judge, criteria: [] } },
      { field: 'judge.criteria', says: 'at least one criterion' },
    ],
    [
      'a criterion twice',
      { judge: { ...judge, criteria: ['clarity', 'clarity'] } },
      { field: 'judge.criteria', says: 'once' },
    ],
    ['a sample of nothing', { judge: { ...judge, sampleShare: 0 } }, { field: 'judge.sampleShare', says: 'above 0' }],
    ['concurrency 0', { concurrency: 0 }, { field: 'concurrency', says: 'at least 1' }],
    ['concurrency 10,000', { concurrency: 10_000 }, { field: 'concurrency', says: 'at most 256' }],
    ['a negative budget', { budgetMicros: -5 }, { field: 'budgetMicros', says: 'above 0' }],
    [
      'an invalid tag',
      { tag: { mode: 'manual', sessionId: 'my session' } },
      { field: 'tag.sessionId', says: '1-128 characters' },
    ],
    [
      'a suite that is not there',
      { suiteVersionId: '01890a5d-ac96-774b-bcce-b302099a8057' },
      { code: 'not-found', field: 'suiteVersionId', says: 'Choose a suite' },
    ],
  ])(
    '%s is refused with field and mend, and nothing is written',
    async (_, change, { code = 'invalid-input', field, says }) => {
      const before = (await client.batch.list.query({})).items.length
      const input = { suiteVersionId, model: 'openai:sim-small', ...change } as CreateRunRequest
      const error = await client.batch.create.mutate(input).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ data: { error: { code, field, requestId: expect.any(String) as string } } })
      const { message, mend } = (error as { data: { error: { message: string; mend: string } } }).data.error
      expect(`${message} ${mend}`).toContain(says)
      expect((await client.batch.list.query({})).items).toHaveLength(before)
      expect(system.simulator.stats().calls).toBe(0)
    },
  )

  it.each<[string, object, { field: string; says: string }]>([
    ['an empty suite', { cases: [] }, { field: 'cases', says: 'at least one case' }],
    [
      'a duplicate case id',
      {
        cases: [
          { id: 'a', prompt: 'x' },
          { id: 'a', prompt: 'y' },
        ],
      },
      { field: 'cases.1.id', says: 'used twice' },
    ],
    [
      'a 5 MB prompt',
      { cases: [{ id: 'a', prompt: 'x'.repeat(5_000_000) }] },
      { field: 'cases.0.prompt', says: 'shorten it' },
    ],
    [
      'a pattern that does not compile',
      { cases: [{ id: 'a', prompt: 'x', validators: [{ type: 'regex', pattern: '(' }] }] },
      { field: 'cases.0.validators.0', says: 'does not compile' },
    ],
    [
      'an unknown validator',
      { cases: [{ id: 'a', prompt: 'x', validators: [{ type: 'magic' }] }] },
      { field: 'cases.0.validators.0.type', says: 'type' },
    ],
    ['no name', { name: ' ' }, { field: 'name', says: 'needs a name' }],
  ])('a suite with %s is refused, and nothing is saved', async (_, change, { field, says }) => {
    const input = { name: 'Bad', cases: [{ id: 'a', prompt: 'x' }], ...change } as CreateSuiteRequest
    const error = await client.batch.suites.create.mutate(input).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ data: { error: { code: 'invalid-input', field } } })
    expect((error as Error & { data: { error: { message: string } } }).data.error.message).toContain(says)
    expect((await client.batch.suites.list.query({})).items.map((suite) => suite.name)).toEqual(['Good'])
  })

  it('a missing key is refused with what to set', async () => {
    const keyless = await startSystem({ variables: {} })
    try {
      const suite = await keyless.client.batch.suites.create.mutate({ name: 'S', cases: [{ id: 'a', prompt: 'Hi' }] })
      const input = { suiteVersionId: suite.versionId, model: 'openai:gpt-4.1' }
      await expect(keyless.client.batch.create.mutate(input)).rejects.toMatchObject({
        data: {
          error: { code: 'missing-key', field: 'model', mend: expect.stringContaining('OPENAI_API_KEY') as string },
        },
      })
      const { providers } = await keyless.client.judge.models.query()
      expect(providers.map((provider) => provider.ready)).toEqual([false, false])
    } finally {
      await keyless.close()
    }
  })

  it('a page of another site is turned away', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${system.url}/trpc/batch.list?input=%7B%7D`, { headers })
    expect((await ask({})).status).toBe(200)
    expect((await ask({ origin: 'http://evil.example' })).status).toBe(403)
    expect((await ask({ origin: system.url })).status).toBe(200)
  })

  it('an error answer carries a request id and no stack', async () => {
    const response = await fetch(`${system.url}/trpc/batch.get?input=%7B%22runId%22%3A%22x%22%7D`)
    const text = await response.text()
    expect(response.status).toBe(400)
    expect(response.headers.get('x-request-id')).toBe(
      (JSON.parse(text) as { error: { data: { error: { requestId: string } } } }).error.data.error.requestId,
    )
    expect(text).not.toContain('stack')
    expect(text).not.toContain('node_modules')
  })
})
