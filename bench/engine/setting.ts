import { parseArgs } from 'node:util'
import { peerNames } from './peers.ts'

/** One cell of the matrix. */
export interface Setting {
  n: number
  concurrency: number
  latencyMs: number
  judged: boolean
}

export interface Figures {
  promptsPerSecond: number
  wallSeconds: number
  cpuSeconds: number
  peakRssMb: number
}

export interface Measurement extends Setting, Figures {
  peer: string
  version: string
  database: string | null
}

const matrix = { n: '1000,5000', concurrency: '4,32,128', latency: '0,50', judged: 'false,true' }
const everybody = [
  'openai-sdk',
  'proctor/embedded',
  'proctor/postgresql',
  ...peerNames.filter((name) => name !== 'openai-sdk'),
]

/** `--n 5000 --concurrency 32 --latency 0 --judged true --contestants openai-sdk,proctor/embedded`, each a list. */
export function parseOptions(args: readonly string[]): { settings: Setting[]; contestants: string[] } {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { n: text, concurrency: text, latency: text, judged: text, contestants: text },
  })
  const given = { ...matrix, ...values }
  const numbers = (list: string) => list.split(',').map(Number)
  const settings = numbers(given.n).flatMap((n) =>
    numbers(given.concurrency).flatMap((concurrency) =>
      numbers(given.latency).flatMap((latencyMs) =>
        given.judged.split(',').map((judged) => ({ n, concurrency, latencyMs, judged: judged === 'true' })),
      ),
    ),
  )
  return { settings, contestants: values.contestants?.split(',') ?? everybody }
}
