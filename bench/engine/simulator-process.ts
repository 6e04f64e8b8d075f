import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const simulatorMain = fileURLToPath(new URL('../../apps/simulator/src/main.ts', import.meta.url))

export interface SimulatorProcess {
  openaiBaseUrl: string
  /** How many calls it has had. */
  calls(): Promise<number>
  stop(): void
}

/** The simulator in a process of its own, so that its work is nobody's. */
export async function startSimulatorProcess(latencyMs: number): Promise<SimulatorProcess> {
  const child = spawn(
    process.execPath,
    [simulatorMain, '--port', '0', '--no-demo', '--latency-ms', String(latencyMs)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const openaiBaseUrl = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /OpenAI protocol\s+(\S+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The simulator ended with code ${code}.`)))
  })
  return {
    openaiBaseUrl,
    async calls() {
      const response = await fetch(new URL('/simulator/stats', openaiBaseUrl))
      return ((await response.json()) as { calls: number }).calls
    },
    stop: () => void child.kill(),
  }
}
