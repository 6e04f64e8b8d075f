import { describe, expect, it } from 'vitest'
import { disagreement } from '../src/ui/feedback/disagreement.ts'

const verdicts = (...passed: boolean[]) =>
  passed.map((entry, index) => ({
    criterion: ['accuracy', 'clarity', 'factual_depth'][index] ?? 'more',
    passed: entry,
  }))

describe('disagreement of a person and the judge', () => {
  it('names what the judge failed in an answer that the person likes, and the other way round', () => {
    expect(disagreement('up', verdicts(false, false, true))).toBe(
      'You like this answer; the judge failed it on accuracy and clarity.',
    )
    expect(disagreement('down', verdicts(true))).toBe('You dislike this answer; the judge passed it on accuracy.')
    expect(disagreement('down', verdicts(true, true, true))).toContain('accuracy, clarity and factual depth')
  })

  it('names a criterion once, however many judges scored it', () => {
    const twice = [...verdicts(false), ...verdicts(false)]
    expect(disagreement('up', twice)).toBe('You like this answer; the judge failed it on accuracy.')
  })

  it('says nothing where they agree, where it is even, and where one of them is silent', () => {
    expect(disagreement('up', verdicts(true, true, false))).toBeNull()
    expect(disagreement('up', verdicts(true, false))).toBeNull()
    expect(disagreement('down', verdicts(false))).toBeNull()
    expect(disagreement(null, verdicts(false))).toBeNull()
    expect(disagreement('up', [])).toBeNull()
  })
})
