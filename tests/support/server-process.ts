import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const serverMain = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))

export interface ServerProcess {
  url: string
  pid: number
  /** SIGTERM: calls in flight end, then it goes. */
  stop(): Promise<void>
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
}

/** The server as users run it, in a process of its own. */
export async function startServerProcess(env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', serverMain], {
    env: { ...process.env, PROCTOR_PORT: '0', PROCTOR_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /Proctor listens on (\S+)/.exec(output)?.[1]
      if (found) resolve(found)
    })
    child.on('exit', (code) => reject(new Error(`The server ended with code ${code} before it was ready.`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
  return { url, pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}
