import { describe, expect, it } from 'vitest'
import { formatShare } from '../src/ui/count.ts'
import { formatDuration, formatLatency } from '../src/ui/duration.ts'
import { formatMoney, formatMoneyRange } from '../src/ui/money.ts'

describe('money', () => {
  it('shows more digits for smaller amounts', () => {
    expect([0, 612, 4321, 52_345, 205_000, 10_104_000].map(formatMoney)).toEqual([
      '$0.00',
      '$0.00061',
      '$0.0043',
      '$0.052',
      '$0.205',
      '$10.10',
    ])
  })

  it('shows a range with the digits of its lower end', () => {
    expect(formatMoneyRange({ lowMicros: 30_000, highMicros: 50_000 })).toBe('$0.03-0.05')
    expect(formatMoneyRange({ lowMicros: 4200, highMicros: 12_000 })).toBe('$0.004-0.012')
    expect(formatMoneyRange({ lowMicros: 0, highMicros: 0 })).toBe('$0.00')
  })
})

describe('durations and shares', () => {
  it('reads well', () => {
    expect([8, 200, 7500].map(formatDuration)).toEqual(['8 s', '3 min 20 s', '2 h 5 min'])
    expect([840, 3210, 41_000].map(formatLatency)).toEqual(['840 ms', '3.21 s', '41.0 s'])
  })

  it('does not round a miss away', () => {
    expect(formatShare(9999, 10_000)).toBe('99%')
    expect(formatShare(1, 10_000)).toBe('<1%')
    expect(formatShare(10, 10)).toBe('100%')
  })
})
