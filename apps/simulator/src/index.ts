import type { AddressInfo } from 'node:net'
import { Engine } from './engine.ts'
import { createHttpServer } from './server.ts'
import { parseSettings, type Settings, type SettingsChange, type SettingsInput } from './settings.ts'
import type { Stats } from './stats.ts'

export type { Settings, SettingsChange, SettingsInput } from './settings.ts'
export type { ModelStats, Stats } from './stats.ts'

export interface Simulator {
  url: string
  /** For the `openai` SDK's baseURL. */
  openaiBaseUrl: string
  /** For the `@anthropic-ai/sdk`'s baseURL. */
  anthropicBaseUrl: string
  /** A copy of the counters. */
  stats(): Stats
  /** Set all counters to zero. */
  clearStats(): void
  /** Change settings while it runs; throws when one is wrong, and then changes nothing. */
  configure(change: SettingsChange): Settings
  /** Calls back with model and prompt when the last byte of an answer is handed to the network. */
  onLastByte(callback: (model: string, prompt: string) => void): void
  /** Calls back with the body of each chat request. */
  onRequest(callback: (body: unknown) => void): void
  /** Stop at once; calls in flight are cut off. */
  close(): Promise<void>
}

/** Start a simulator; unlike the command, it takes any free port unless one is given. */
export async function createSimulator(settings: SettingsInput = {}): Promise<Simulator> {
  const engine = new Engine(parseSettings({ port: 0, ...settings }))
  const server = createHttpServer(engine)
  const { host, port } = engine.settings
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 4096 }, () => resolve())
  })
  const address = server.address() as AddressInfo
  const hostInUrl = address.family === 'IPv6' ? `[${address.address}]` : address.address
  const url = `http://${hostInUrl}:${address.port}`
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    stats: () => engine.stats.snapshot(),
    clearStats: () => engine.stats.clear(),
    configure: (change) => engine.configure(change),
    onLastByte: (callback) => {
      engine.onLastByte = ({ model, userTexts }) => callback(model, userTexts.at(-1) ?? '')
    },
    onRequest: (callback) => {
      engine.onRequest = callback
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
