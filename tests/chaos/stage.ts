import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgresPrograms, startPostgresServer } from '../support/postgres-server.ts'
import { startServerProcess, type ServerProcess } from '../support/server-process.ts'

/** Something whose processes can be killed, and that is whole again when `strike` resolves. */
export interface Stage {
  name: 'embedded' | 'postgresql'
  /** Any server that answers at the moment. */
  url(): string
  /** Kills one process, chosen by the draw in [0, 1), and starts it again. Returns what was killed. */
  strike(draw: number, downMs: number): Promise<string>
  close(): Promise<void>
}

/** One server on the embedded database: a kill takes the database with it. */
export async function embeddedStage(variables: NodeJS.ProcessEnv): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'proctor-chaos-'))
  const start = () => startServerProcess({ ...variables, DATABASE_URL: '', PROCTOR_DATA_DIR: join(folder, 'database') })
  let server = await start()
  return {
    name: 'embedded',
    url: () => server.url,
    async strike(_, downMs) {
      await server.kill()
      await pause(downMs)
      server = await start()
      return 'server'
    },
    async close() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Two servers on one PostgreSQL, which is killed like any other. Null where there is no PostgreSQL. */
export async function postgresqlStage(variables: NodeJS.ProcessEnv): Promise<Stage | null> {
  const bin = findPostgresPrograms()
  if (bin === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'proctor-chaos-'))
  const postgres = await startPostgresServer(bin, join(folder, 'postgres'), 'durable')
  const start = () => startServerProcess({ ...variables, DATABASE_URL: postgres.url })
  const servers: ServerProcess[] = [await start(), await start()]
  return {
    name: 'postgresql',
    url: () => servers[0]?.url ?? '',
    async strike(draw, downMs) {
      const victim = Math.floor(draw * 3)
      if (victim === 2) {
        await postgres.stop()
        await pause(downMs)
        await postgres.restart()
        return 'database'
      }
      await servers[victim]?.kill()
      await pause(downMs)
      servers[victim] = await start()
      return 'server'
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()))
      await postgres.stop()
      await rm(folder, { recursive: true })
    },
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
