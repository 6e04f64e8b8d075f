import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `prisma generate` without a network: the CLI would download its native engine at first use, although
 * generating does not need it. Naming any executable in its place is enough.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync('prisma', ['generate', '--schema', join('prisma', 'schema.prisma'), '--no-hints'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  },
})
process.exit(status ?? 1)
