import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createProctorClient } from '@proctor/client'
import { createSimulator } from '@proctor/simulator'
import { loadDemoSuite, startDemoRun } from './demo.ts'

/** `npm start`: server, dashboard and, when no provider is set up, the simulator and a first run. */

const serverMain = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
const providerVariables = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL']
const defaultPort = 4000

const hasProvider = providerVariables.some((name) => process.env[name])
// Answers take about as long as a fast model's, so that there is something to watch.
const simulator = hasProvider ? null : await createSimulator({ latencyMs: 500, jitterMs: 900, tokensPerSecond: 250 })

const server = startServer({
  ...process.env,
  PROCTOR_LOG_LEVEL: process.env['PROCTOR_LOG_LEVEL'] || 'warn',
  PROCTOR_PORT: process.env['PROCTOR_PORT'] || String(await freePort(defaultPort)),
  ...(simulator && {
    OPENAI_API_KEY: 'simulator',
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
    ANTHROPIC_API_KEY: 'simulator',
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
  }),
})
const stopServer = (signal: NodeJS.Signals) => server.process.kill(signal)
process.on('SIGINT', () => stopServer('SIGINT'))
process.on('SIGTERM', () => stopServer('SIGTERM'))
server.process.on('exit', (code) => process.exit(code ?? 1))

const url = await server.url
try {
  const client = createProctorClient({ url })
  const suite = await loadDemoSuite(client)
  // A first run costs nothing on the simulator; with a real key it is the user who decides to spend.
  if (simulator) await startDemoRun(client, suite.versionId)
} catch (error) {
  // Without this the server would live on, and keep its database to itself.
  stopServer('SIGTERM')
  throw error
}

process.stdout.write(`\n  Proctor is ready: ${url}\n`)
if (simulator)
  process.stdout.write('  No provider key is set, so models are simulated. See README.md to use real ones.\n')
process.stdout.write('  Ctrl-C stops it; all data is kept.\n\n')

function startServer(env: NodeJS.ProcessEnv): { process: ChildProcess; url: Promise<string> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', serverMain], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const listening = new Promise<string>((resolve) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      output += text
      const found = /Proctor listens on (\S+)/.exec(output)?.[1]
      if (found) resolve(found)
      const logs = text.replace(/Proctor listens on \S+\n/, '')
      if (logs) process.stdout.write(logs)
    })
  })
  return { process: child, url: listening }
}

/** The wanted port, or any free one when it is taken. */
async function freePort(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(wanted)))
  })
}
