import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failureKindSchema, type Failure } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reply, startFakeServer, type FakeServer } from './fake-server.ts'
import { callOptions, createTestProviders, providerErrorOf, request } from './harness.ts'

/** An answer as the vendors document it, and what it is to us. */
interface Fixture {
  status: number
  headers: Record<string, string>
  body: unknown
  expected: Partial<Failure> & { kind: string; retryAfterMs: number | null }
}

const folder = join(import.meta.dirname, 'fixtures')
const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
const fixtures = names.map((file) => ({
  name: file.replace('.json', ''),
  fixture: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture,
}))

let server: FakeServer
beforeAll(async () => {
  server = await startFakeServer()
})
afterAll(() => server.close())

describe('errors of providers, raised by the real SDKs', () => {
  test.each(fixtures)('$name', async ({ name, fixture }) => {
    const { status, headers, body, expected } = fixture
    server.answer = reply(status, headers, body)
    const provider = createTestProviders(server.url)[name.startsWith('openai') ? 'openai' : 'anthropic']
    const before = server.requests.length
    const error = await providerErrorOf(provider.chat(request, callOptions()))
    const { message, ...facts } = expected
    expect({ ...error.failure, retryAfterMs: error.retryAfterMs }).toMatchObject(facts)
    expect(error.message).toContain(message ?? '')
    expect(error.message).toBe(error.failure.message)
    // No retries here: they belong to the engine.
    expect(server.requests.length - before).toBe(1)
  })

  test('every kind of failure that a server can report has a fixture, for both providers', () => {
    for (const provider of ['openai', 'anthropic']) {
      const kinds = fixtures.filter(({ name }) => name.startsWith(provider)).map(({ fixture }) => fixture.expected.kind)
      expect([...new Set(kinds)].toSorted()).toEqual(failureKindSchema.options.toSorted())
    }
  })
})
