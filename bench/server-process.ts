import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const serverMain = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))

export interface ServerProcess {
  url: string
  pid: number
  stop(): Promise<void>
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
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}
