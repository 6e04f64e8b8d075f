import { describe, expect, it } from 'vitest'
import {
  createRunInputSchema,
  createSuiteInputSchema,
  maxPromptCharacters,
  validatorSchema,
  validatorTypes,
} from '../src/index.ts'

const messageOf = (input: unknown) => {
  const issue = createSuiteInputSchema.safeParse(input).error?.issues[0]
  return { path: issue?.path.join('.'), message: issue?.message }
}

describe('suites as users write them', () => {
  it('turns a prompt into one turn', () => {
    const suite = createSuiteInputSchema.parse({ name: 'S', cases: [{ id: 'a', prompt: 'Hi' }] })
    expect(suite.cases[0]?.turns).toEqual(['Hi'])
  })

  it('refuses an empty suite', () => {
    expect(messageOf({ name: 'S', cases: [] })).toEqual({
      path: 'cases',
      message: 'A suite needs at least one case; add a case with an id and a prompt.',
    })
  })

  it('names both places of a duplicate case id', () => {
    const cases = ['a', 'b', 'a'].map((id) => ({ id, prompt: 'Hi' }))
    expect(messageOf({ name: 'S', cases })).toEqual({
      path: 'cases.2.id',
      message: 'Case id "a" is used twice (cases 1 and 3); give each case its own id.',
    })
  })

  it('refuses a 5 MB prompt with the limit and the mend', () => {
    const { path, message } = messageOf({ name: 'S', cases: [{ id: 'a', prompt: 'x'.repeat(5_000_000) }] })
    expect(path).toBe('cases.0.prompt')
    expect(message).toContain(`${maxPromptCharacters} characters; shorten it`)
  })

  it('refuses a case with both or neither of prompt and turns', () => {
    expect(messageOf({ name: 'S', cases: [{ id: 'a' }] }).path).toBe('cases.0.prompt')
    expect(messageOf({ name: 'S', cases: [{ id: 'a', prompt: 'x', turns: ['y'] }] }).path).toBe('cases.0.prompt')
  })
})

describe('runs as users ask for them', () => {
  const base = { suiteVersionId: '01890a5d-ac96-774b-bcce-b302099a8057', model: 'openai:m' }

  it.each([0, 257, 10_000, 1.5])('refuses concurrency %d', (concurrency) => {
    const issue = createRunInputSchema.safeParse({ ...base, concurrency }).error?.issues[0]
    expect(issue?.path).toEqual(['concurrency'])
  })

  it('refuses a model without a provider and says how to write it', () => {
    const issue = createRunInputSchema.safeParse({ ...base, model: 'gpt-4' }).error?.issues[0]
    expect(issue?.message).toContain('provider:model')
  })

  it('fills in the defaults', () => {
    expect(createRunInputSchema.parse(base)).toMatchObject({
      tag: { mode: 'auto' },
      concurrency: 8,
      repeats: 1,
      judge: null,
      budgetMicros: null,
      call: { maxOutputTokens: 1024, maxAttempts: 5 },
    })
  })
})

describe('validators', () => {
  it('lists every type that a validator can have', () => {
    expect(validatorSchema.options.map((option) => option.shape.type.value)).toEqual(validatorTypes)
  })
})
