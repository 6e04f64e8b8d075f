import { describe, expect, it } from 'vitest'
import { parseNewRunSearch, parseRunsSearch } from '../src/routes/search.ts'

describe('search parameters', () => {
  it('keeps what fits and leaves out the rest', () => {
    expect(parseRunsSearch({ status: ['running', 'nonsense'], q: 42, other: 1 })).toEqual({
      status: ['running'],
      q: '42',
    })
    expect(parseRunsSearch({ status: 'failed', q: '' })).toEqual({ status: ['failed'] })
    expect(parseRunsSearch({ status: {}, q: null })).toEqual({})
    expect(parseNewRunSearch({ clone: ['x'] })).toEqual({})
  })
})
