import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgresPrograms, startPostgresServer } from '../../tests/support/postgres-server.ts'

/** A throwaway PostgreSQL that writes to the disk as a real one does. */
export async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const bin = findPostgresPrograms()
  if (bin === null)
    throw new Error('There is no PostgreSQL on this machine; leave out --contestants proctor/postgresql.')
  const folder = mkdtempSync(join(tmpdir(), 'proctor-bench-'))
  const server = await startPostgresServer(bin, join(folder, 'postgres'), 'durable')
  return {
    url: server.url,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
