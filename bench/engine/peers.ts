import { execFile, fork, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { cpuSecondsOf, peakRssMbOf } from './process-figures.ts'
import type { Figures, Setting } from './setting.ts'

const folder = fileURLToPath(new URL('../peers/', import.meta.url))
const sampleEveryMs = 50

/** Packages by the name that results give them. */
const packages: Record<string, string> = {
  'openai-sdk': 'openai',
  langfuse: '@langfuse/client',
  braintrust: 'braintrust',
  promptfoo: 'promptfoo',
  evalite: 'evalite',
}
export const peerNames: readonly string[] = Object.keys(packages)

/** Installs the peers from npm into bench/peers, where they stay. */
export async function installPeers(): Promise<void> {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return
  process.stdout.write('Installing the peers into bench/peers ...\n')
  await promisify(execFile)('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: folder })
}

export function peerVersion(peer: string): string {
  const file = join(folder, 'node_modules', packages[peer] ?? '', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** Runs a peer in a process of its own. */
export async function measurePeer(peer: string, setting: Setting, openaiBaseUrl: string): Promise<Figures> {
  const scratch = await mkdtemp(join(tmpdir(), 'proctor-bench-'))
  const env = {
    ...process.env,
    BENCH_N: String(setting.n),
    BENCH_CONCURRENCY: String(setting.concurrency),
    BENCH_JUDGED: String(setting.judged),
    BENCH_BASE_URL: openaiBaseUrl,
    OPENAI_API_KEY: 'bench',
    // Nobody is to phone home, and nothing is to be read from or left in the user's own folders.
    PROMPTFOO_DISABLE_TELEMETRY: '1',
    PROMPTFOO_DISABLE_UPDATE: '1',
    PROMPTFOO_CONFIG_DIR: scratch,
    HOME: scratch,
  }
  try {
    if (peer === 'promptfoo')
      return await measureCommand(setting, env, await promptfooArgs(setting, openaiBaseUrl, scratch))
    if (peer === 'evalite') return await measureCommand(setting, env, await evaliteArgs(setting))
    return await measureLibrary(peer, setting, env)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** A library called by a script of ours that says when the work begins and ends. */
async function measureLibrary(peer: string, { n }: Setting, env: NodeJS.ProcessEnv): Promise<Figures> {
  const child = fork(join(folder, `${peer}.js`), { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const pid = child.pid ?? 0
  const said = (type: string) =>
    new Promise<{ done?: number }>((resolve, reject) => {
      child.on('message', (message: { type: string; done?: number }) => message.type === type && resolve(message))
      child.once('exit', (code) => reject(new Error(`${peer} ended with code ${code} before its ${type}.`)))
    })
  const ended = said('end')
  ended.catch(() => {})
  await said('begin')
  const startMs = performance.now()
  const cpuBefore = await cpuSecondsOf(pid)
  const sampled = sampleUntil(child, ended)
  const { done } = await ended
  const wallSeconds = (performance.now() - startMs) / 1000
  const { cpuSeconds, peakRssMb } = await sampled
  child.kill()
  if (done !== n) throw new Error(`${peer} did ${done} of ${n}.`)
  return { promptsPerSecond: n / wallSeconds, wallSeconds, cpuSeconds: cpuSeconds - cpuBefore, peakRssMb }
}

/** A command as its users start it: the whole process counts. */
async function measureCommand({ n }: Setting, env: NodeJS.ProcessEnv, args: string[]): Promise<Figures> {
  const startMs = performance.now()
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { cpuSeconds, peakRssMb } = await sampleUntil(child, ended)
  const wallSeconds = (performance.now() - startMs) / 1000
  return { promptsPerSecond: n / wallSeconds, wallSeconds, cpuSeconds, peakRssMb }
}

/** The last figures that a process showed while it lived. */
async function sampleUntil(
  child: ChildProcess,
  ended: Promise<unknown>,
): Promise<Pick<Figures, 'cpuSeconds' | 'peakRssMb'>> {
  const pid = child.pid ?? 0
  let figures = { cpuSeconds: 0, peakRssMb: 0 }
  const state = { isOver: false }
  const over = ended.catch(() => {}).finally(() => (state.isOver = true))
  const sample = async () => {
    try {
      const seen = { cpuSeconds: await cpuSecondsOf(pid), peakRssMb: await peakRssMbOf(pid) }
      // A process that is ending still has its time, but no memory any more.
      figures = Number.isFinite(seen.peakRssMb) ? seen : { ...figures, cpuSeconds: seen.cpuSeconds }
    } catch {
      // It is gone: what was read last stands.
    }
  }
  while (!state.isOver) {
    await sample()
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, sampleEveryMs))])
  }
  await sample()
  return figures
}

async function promptfooArgs(setting: Setting, openaiBaseUrl: string, scratch: string): Promise<string[]> {
  const config = { apiBaseUrl: openaiBaseUrl }
  const rubric = {
    type: 'json_schema',
    json_schema: {
      name: 'rubric',
      strict: true,
      schema: {
        type: 'object',
        properties: { reason: { type: 'string' }, pass: { type: 'boolean' }, score: { type: 'number' } },
        required: ['reason', 'pass', 'score'],
        additionalProperties: false,
      },
    },
  }
  const judge = { id: 'openai:chat:sim-large', config: { ...config, response_format: rubric } }
  const file = join(scratch, 'promptfooconfig.json')
  await writeFile(
    file,
    JSON.stringify({
      prompts: ['{{question}}'],
      providers: [{ id: 'openai:chat:sim-small', config }],
      ...(setting.judged
        ? {
            defaultTest: {
              options: { provider: judge },
              assert: [{ type: 'llm-rubric', value: 'The answer is helpful.' }],
            },
          }
        : {}),
      tests: Array.from({ length: setting.n }, (_, index) => ({ vars: { question: `Question number ${index}?` } })),
    }),
  )
  const main = join(folder, 'node_modules/promptfoo/dist/src/entrypoint.js')
  return [main, 'eval', '-c', file, '--no-cache', '--no-table', '--no-progress-bar', '-j', String(setting.concurrency)]
}

async function evaliteArgs(setting: Setting): Promise<string[]> {
  const file = join(folder, 'evalite.config.ts')
  await writeFile(
    file,
    `import { defineConfig } from 'evalite/config'
import { createInMemoryStorage } from 'evalite/in-memory-storage'

export default defineConfig({
  maxConcurrency: ${setting.concurrency},
  testTimeout: 600000,
  storage: () => createInMemoryStorage(),
})
`,
  )
  return [join(folder, 'node_modules/evalite/dist/bin.js'), 'run', 'bench.eval.mts']
}
