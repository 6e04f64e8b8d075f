import { createProctorClient, type ProctorClient } from '@proctor/client'
import type { RunDetail } from '@proctor/schema'
import { startServer, type RunningServer } from '@proctor/server/compose'
import { createSimulator, type SettingsInput, type Simulator } from '@proctor/simulator'

/** The whole system as users run it: server, database, provider; only the models are simulated. */
export interface System {
  client: ProctorClient
  server: RunningServer
  simulator: Simulator
  url: string
  close(): Promise<void>
}

export interface SystemOptions {
  simulator?: SettingsInput
  /** A PostgreSQL database; by default the embedded one, in memory. */
  databaseUrl?: string
  dataDir?: string
  webDir?: string
  variables?: Record<string, string | undefined>
}

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const simulator = await createSimulator({ demo: false, ...options.simulator })
  const server = await startServer({
    env: {
      PROCTOR_HOST: '127.0.0.1',
      PROCTOR_PORT: 0,
      PROCTOR_LOG_LEVEL: 'warn',
      PROCTOR_DRAIN_SECONDS: 1,
      PROCTOR_DATA_DIR: options.dataDir ?? 'memory://',
      DATABASE_URL: options.databaseUrl,
    },
    variables: options.variables ?? {
      OPENAI_API_KEY: 'test',
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
    },
    webDir: options.webDir ?? null,
  })
  return {
    client: createProctorClient({ url: server.url }),
    server,
    simulator,
    url: server.url,
    async close() {
      await server.close()
      await simulator.close()
    },
  }
}

/** Waits until the run has one of the statuses. */
export async function waitForRun(
  client: ProctorClient,
  runId: string,
  statuses: RunDetail['status'][] = ['completed', 'cancelled', 'failed', 'paused'],
  timeoutMs = 50_000,
): Promise<RunDetail> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const run = await client.batch.get.query({ runId })
    if (statuses.includes(run.status)) return run
    if (Date.now() > deadline)
      throw new Error(`The run is still ${run.status} after ${timeoutMs} ms: ${JSON.stringify(run.progress.counts)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
