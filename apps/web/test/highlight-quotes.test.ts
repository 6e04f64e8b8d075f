import { describe, expect, it } from 'vitest'
import { findQuotes } from '../src/ui/message-text/highlight-quotes.ts'

const marked = (texts: string[], quotes: string[]) =>
  findQuotes(texts, quotes).map(({ node, from, to }) => texts[node]?.slice(from, to))

describe('findQuotes', () => {
  it('finds a quote in one text', () => {
    expect(marked(['The total is 2 h 36 min.'], ['total is 2 h'])).toEqual(['total is 2 h'])
  })

  it('finds a raw Markdown quote across rendered nodes', () => {
    expect(marked(['It takes ', '2 hours', ' in all.'], ['takes **2 hours** in'])).toEqual(['takes', '2 hours', 'in'])
  })

  it('joins quotes that overlap', () => {
    expect(marked(['one two three'], ['one two', 'two three'])).toEqual(['one two three'])
  })

  it('marks nothing for a quote that is not there, or is empty', () => {
    expect(marked(['some text'], ['other', '', ' ** '])).toEqual([])
  })
})
