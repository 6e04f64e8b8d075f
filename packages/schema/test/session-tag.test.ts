import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { automaticSessionId, makeSessionTag, modelSlug, sessionIdSchema } from '../src/index.ts'

const at = new Date('2026-03-09T07:05:03.999Z')
const free = () => false

describe('session tags', () => {
  it('names the model, the day and the time in UTC', () => {
    expect(makeSessionTag({ mode: 'auto' }, 'openai:gpt-4.1-mini', at, free)).toEqual({
      sessionId: 'batch-gpt-4.1-mini-20260309-070503',
      experimentName: 'batch-testing-gpt-4.1-mini',
    })
  })

  it('lower-cases the model, replaces unsafe characters and cuts at 20 characters', () => {
    expect(modelSlug('openai:Meta/Llama 3.1:70B')).toBe('meta-llama-3.1-70b')
    expect(modelSlug('openai:abcdefghijklmnopqrstuvwxyz')).toBe('abcdefghijklmnopqrst')
  })

  it('adds -2, -3 to an automatic id that is taken', () => {
    const base = automaticSessionId('openai:m', at)
    const taken = new Set([base, `${base}-2`])
    expect(makeSessionTag({ mode: 'auto' }, 'openai:m', at, (id) => taken.has(id)).sessionId).toBe(`${base}-3`)
  })

  it('keeps a manual id as it is, even when it is in use', () => {
    const tag = makeSessionTag(
      { mode: 'manual', sessionId: 'week-12', experimentName: 'fine-tune' },
      'openai:m',
      at,
      () => true,
    )
    expect(tag).toEqual({ sessionId: 'week-12', experimentName: 'fine-tune' })
  })

  it('gives no tag on request', () => {
    expect(makeSessionTag({ mode: 'none' }, 'openai:m', at, free)).toEqual({ sessionId: null, experimentName: null })
  })

  it('always makes an id that the manual rule would accept', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
        (model, now) => {
          const { sessionId } = makeSessionTag({ mode: 'auto' }, `openai:${model}`, now, free)
          expect(sessionIdSchema.safeParse(sessionId).success).toBe(true)
        },
      ),
    )
  })

  it.each(['', 'a b', 'ü', 'x'.repeat(129), 'a/b'])('refuses the manual id %j with the reason', (id) => {
    expect(sessionIdSchema.safeParse(id).error?.issues[0]?.message).toContain('1-128 characters')
  })
})
