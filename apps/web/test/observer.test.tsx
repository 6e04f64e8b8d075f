import type { ObserverStep } from '@proctor/schema'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { applyEvent, type AnswerInFlight } from '../src/data/use-observer.ts'
import { MessageText } from '../src/ui/message-text/message-text.tsx'

const nothing: AnswerInFlight = { asOf: null, model: null, steps: [], text: '' }
const step = (label: string): ObserverStep => ({ tool: 'run_state', arguments: {}, label, result: {}, error: null })

describe('an answer as it comes', () => {
  it('is the same when events come twice, as after a lost connection', () => {
    const events = [
      { type: 'started' as const, asOf: { done: 1, total: 2, at: '2026-11-23T12:00:00.000Z' }, model: 'x:y' },
      { type: 'step' as const, index: 0, step: step('a') },
      { type: 'text' as const, offset: 0, text: 'One ' },
      { type: 'step' as const, index: 1, step: step('b') },
      { type: 'text' as const, offset: 4, text: 'two' },
    ]
    const once = events.reduce(applyEvent, nothing)
    expect(once).toMatchObject({ text: 'One two', model: 'x:y', steps: [{ label: 'a' }, { label: 'b' }] })
    expect([...events, ...events].reduce(applyEvent, nothing)).toEqual(once)
  })

  it('takes text back that a broken call had written', () => {
    const events = [
      { type: 'text' as const, offset: 0, text: 'First. Broken half' },
      { type: 'text' as const, offset: 6, text: '' },
      { type: 'text' as const, offset: 6, text: ' Whole.' },
    ]
    expect(events.reduce(applyEvent, nothing).text).toBe('First. Whole.')
  })
})

describe('an answer with what it rests on', () => {
  const render = (text: string, unverified: string[] = []) =>
    renderToStaticMarkup(
      <MessageText
        text={text}
        view="markdown"
        evidence={{ unverified, renderCitation: (number) => (number === 4 ? <b>item {number}</b> : null) }}
      />,
    )

  it('marks figures and citations that nothing backs, and leads to the items of the others', () => {
    const html = render('**12%** of 40, [#4] and [#9], not [#5].', ['12%', '[#9]'])
    expect(html.match(/<mark data-unverified="" title="[^"]+">[^<]+/g)).toHaveLength(2)
    expect(html).toContain('>12%</mark>')
    expect(html).toContain('>[#9]</mark>')
    expect(html).toContain('<b>item 4</b>')
    expect(html).toContain('not [#5].')
    expect(html).toContain('of 40,')
  })

  it('lets no text say where a citation leads', () => {
    const html = render('See [#4].\n\n[#4]: https://evil.example "trap"')
    expect(html.match(/<b>item 4<\/b>/g)).toHaveLength(2)
    expect(html).not.toContain('title="trap"')
  })

  it('renders nothing as HTML', () => {
    const html = render(
      '<img src=x onerror=alert(1)> <script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/z)',
    )
    expect(html).not.toMatch(/<img|<script|javascript:|src="https/)
  })
})
