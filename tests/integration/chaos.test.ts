import { expect, it, onTestFailed } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'

/** A small random generator with a seed (Mulberry32), so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

it('20 processes killed at random moments: nothing is lost, stored twice or stuck', { timeout: 420_000 }, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const lines: string[] = [`seed ${seed}`]
  onTestFailed(() => void process.stderr.write(`${lines.join('\n')}\n`))
  const result = await runChaos(20, seeded(seed), (line) => lines.push(line))
  expect(result).toMatchObject({
    itemsLost: 0,
    itemsStoredTwice: 0,
    runsStuck: 0,
    countersWrong: 0,
  })
  expect(result.callsPaidTwice).toBeLessThanOrEqual(result.callsInFlightAtKills)
})
