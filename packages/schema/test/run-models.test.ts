import { describe, expect, it } from 'vitest'
import { createRunsInputSchema, defaultExperimentOf, runsOfModels, sessionIdSchema, tagOfModel } from '../src/index.ts'

const models = ['openai:gpt-4o', 'anthropic:claude', 'openai:claude']
const suiteVersionId = '019354d1-0000-7000-8000-000000000000'

describe('runs of several models', () => {
  it('share an experiment that names them all, unless one is given', () => {
    expect(defaultExperimentOf(models)).toBe('batch-testing-gpt-4o-vs-claude-vs-claude')
    expect(defaultExperimentOf(['openai:gpt-4o'])).toBe('batch-testing-gpt-4o')
    expect(tagOfModel({ mode: 'auto' }, models, 1)).toEqual({
      mode: 'auto',
      experimentName: 'batch-testing-gpt-4o-vs-claude-vs-claude',
    })
    expect(tagOfModel({ mode: 'auto', experimentName: 'mine' }, models, 1)).toEqual({
      mode: 'auto',
      experimentName: 'mine',
    })
  })

  it('get a session each out of an id that is given by hand, also where two models have one name', () => {
    const tag = { mode: 'manual' as const, sessionId: 'week-1' }
    const ids = models
      .map((_, index) => tagOfModel(tag, models, index))
      .map((entry) => 'sessionId' in entry && entry.sessionId)
    expect(ids).toEqual(['week-1-gpt-4o', 'week-1-claude', 'week-1-claude-2'])
    const long = tagOfModel({ mode: 'manual', sessionId: 'x'.repeat(128) }, models, 0)
    expect(sessionIdSchema.safeParse('sessionId' in long && long.sessionId).success).toBe(true)
  })

  it('leave the tag of a single model, and no tag, as they are', () => {
    expect(tagOfModel({ mode: 'manual', sessionId: 'a' }, ['openai:gpt-4o'], 0)).toEqual({
      mode: 'manual',
      sessionId: 'a',
    })
    expect(tagOfModel({ mode: 'none' }, models, 2)).toEqual({ mode: 'none' })
  })

  it('have everything else in common', () => {
    const input = createRunsInputSchema.parse({ suiteVersionId, models, repeats: 3, concurrency: 5 })
    const runs = runsOfModels(input)
    expect(runs.map(({ model }) => model)).toEqual(models)
    for (const run of runs)
      expect(run).toMatchObject({ suiteVersionId, repeats: 3, concurrency: 5, budgetMicros: null })
  })

  it.each([
    [[], 'at least one'],
    [['openai:a', 'openai:a'], 'once'],
    [Array.from({ length: 7 }, (_, index) => `openai:${index}`), 'at most 6'],
  ])('refuses %j', (given, message) => {
    const parsed = createRunsInputSchema.safeParse({ suiteVersionId, models: given })
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['models'], message: expect.stringContaining(message) })
  })
})
