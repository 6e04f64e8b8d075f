import { writeFile } from 'node:fs/promises'
import { startPostgres } from './postgres.ts'
import { measurePeer, peerNames, peerVersion, installPeers } from './peers.ts'
import { measureProctor } from './proctor.ts'
import { startSimulatorProcess } from './simulator-process.ts'
import { toMarkdown } from './table.ts'
import { parseOptions, type Figures, type Measurement, type Setting } from './setting.ts'

/**
 * The engine beside its peers and beside the floor, a bare loop over the `openai` SDK. Every contestant
 * gets the same prompts, the same simulator (a process of its own) and the same judge calls.
 *
 * For the peers the clock runs from the first call of their `eval` to its end, without loading; for the two
 * that are commands it runs for the whole process. For Proctor it runs from `batch.create` to the run's
 * `completed`, over HTTP, with everything stored and told to one subscriber; the server runs already.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { settings, contestants } = parseOptions(args)
  await installPeers()
  const results: Measurement[] = []
  const postgres = contestants.includes('proctor/postgresql') ? await startPostgres() : null
  try {
    for (const setting of settings) {
      for (const contestant of contestants) {
        const simulator = await startSimulatorProcess(setting.latencyMs)
        try {
          const figures = await measure(contestant, setting, simulator.openaiBaseUrl, postgres?.url ?? '')
          checkWork(contestant, setting, await simulator.calls())
          results.push({ ...describe(contestant), ...setting, ...figures })
          process.stdout.write(`${JSON.stringify(results.at(-1))}\n`)
        } finally {
          simulator.stop()
        }
      }
    }
  } finally {
    await postgres?.stop()
  }
  process.stdout.write(`\n${toMarkdown(results)}\n`)
  await writeFile(new URL('../results/engine.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
  await writeFile(new URL('../results/engine.md', import.meta.url), `${toMarkdown(results)}\n`)
}

function measure(contestant: string, setting: Setting, openaiBaseUrl: string, postgresUrl: string): Promise<Figures> {
  if (contestant === 'proctor/embedded') return measureProctor(setting, openaiBaseUrl, null)
  if (contestant === 'proctor/postgresql') return measureProctor(setting, openaiBaseUrl, postgresUrl)
  return measurePeer(contestant, setting, openaiBaseUrl)
}

/** A figure counts only when all the calls were made. */
function checkWork(contestant: string, { n, judged }: Setting, calls: number): void {
  const wanted = judged ? 2 * n : n
  if (calls < wanted) throw new Error(`${contestant} made ${calls} of ${wanted} calls.`)
}

function describe(contestant: string): Pick<Measurement, 'peer' | 'version' | 'database'> {
  const [peer = '', database = null] = contestant.split('/')
  if (peer === 'proctor') return { peer, version: 'this', database }
  if (!peerNames.includes(peer)) throw new Error(`There is no contestant ${contestant}.`)
  return { peer, version: peerVersion(peer), database: null }
}
