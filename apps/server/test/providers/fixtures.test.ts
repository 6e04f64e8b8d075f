import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failureKindSchema, type Failure } from '@proctor/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/domain/errors.ts'
import { createProviders } from '../../src/providers/index.ts'
import { startWireServer, type WireServer } from './wire-server.ts'

/** An answer as the vendors document it, and what it must be to us. */
interface Fixture {
  status: number
  headers: Record<string, string>
  body: unknown
  /** `message` is a part of the message. */
  expected: Partial<Failure> & { retryAfterMs: number | null }
}

const folder = join(import.meta.dirname, 'fixtures')
const fixtures = readdirSync(folder).map((file) => ({
  name: file.replace('.json', ''),
  fixture: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture,
}))
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], maxOutputTokens: 10 }

describe('what providers answer, through the real SDKs', () => {
  let wire: WireServer
  let calls = 0
  beforeAll(async () => {
    wire = await startWireServer()
  })
  afterAll(() => wire.close())

  it.each(fixtures)('$name', async ({ name, fixture: { status, headers, body, expected } }) => {
    calls = 0
    wire.answerWith((_, response) => {
      calls += 1
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    const providers = createProviders({ OPENAI_BASE_URL: wire.url, ANTHROPIC_BASE_URL: wire.url })
    const provider = providers.find((entry) => name.startsWith(entry.name))
    const options = { signal: new AbortController().signal, timeoutMs: 5000 }
    const error: unknown = await provider?.chat(request, options).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ProviderError)
    const { failure, retryAfterMs } = error as ProviderError
    const { message = '', ...facts } = expected
    expect({ ...failure, retryAfterMs }).toMatchObject(facts)
    expect(failure.message).toContain(message)
    expect(failure.message).not.toMatch(/<html|\[object|^\d{3} /)
    // No retries here: they belong to the engine.
    expect(calls).toBe(1)
  })

  it.each(['openai', 'anthropic'])('%s has a fixture for every kind of failure', (provider) => {
    const own = fixtures.filter(({ name }) => name.startsWith(provider))
    const kinds = new Set(own.map(({ fixture }) => fixture.expected.kind))
    expect(failureKindSchema.options.filter((kind) => !kinds.has(kind))).toEqual([])
  })
})
