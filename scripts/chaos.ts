import { writeFile } from 'node:fs/promises'
import { runChaos } from '../tests/chaos/chaos.ts'

/** `pnpm test:chaos [KILLS]`: kills processes at random moments, and writes what was lost or paid twice. */
const kills = Number(process.argv[2] ?? 200)
const print = (line: string) => void process.stdout.write(`${line}\n`)
const result = await runChaos(kills, Math.random, print)
await writeFile(new URL('../bench/results/chaos.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
print(JSON.stringify(result, null, 2))
const { itemsLost, itemsStoredTwice, runsStuck, countersWrong, callsPaidTwice, callsInFlightAtKills } = result
const isWhole = itemsLost + itemsStoredTwice + runsStuck + countersWrong === 0
process.exit(isWhole && callsPaidTwice <= callsInFlightAtKills ? 0 : 1)
