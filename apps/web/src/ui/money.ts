/** Micro-dollars as people read them: cents from ten dollars on, more digits for smaller amounts. */
export function formatMoney(micros: number): string {
  const dollars = micros / 1_000_000
  return `$${dollars.toFixed(digitsFor(dollars))}`
}

/** What was spent; calls without a known price are not taken as free. */
export function formatSpent(micros: number, unpricedCalls: number): string {
  return micros === 0 && unpricedCalls > 0 ? 'unknown' : formatMoney(micros)
}

/** `$0.03-0.05`: an estimate, so no more digits than its lower end needs. One amount when both ends read the same. */
export function formatMoneyRange({ lowMicros, highMicros }: { lowMicros: number; highMicros: number }): string {
  const digits = rangeDigitsFor(lowMicros / 1_000_000)
  const low = (lowMicros / 1_000_000).toFixed(digits)
  const high = (highMicros / 1_000_000).toFixed(digits)
  return low === high ? `$${high}` : `$${low}-${high}`
}

function digitsFor(dollars: number): number {
  if (dollars === 0 || dollars >= 1) return 2
  if (dollars >= 0.01) return 3
  if (dollars >= 0.001) return 4
  return dollars >= 0.0001 ? 5 : 6
}

function rangeDigitsFor(dollars: number): number {
  if (dollars === 0 || dollars >= 0.01) return 2
  if (dollars >= 0.001) return 3
  return dollars >= 0.0001 ? 4 : 6
}
