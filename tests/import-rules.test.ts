import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const oxlint = join(dirname(require.resolve('oxlint/package.json')), 'bin', 'oxlint')

/** Rules that never fire look like rules that hold: each ban is shown a line that it must refuse. */
const forbidden: [file: string, code: string][] = [
  ['packages/schema/src/a.ts', `import 'express'`],
  ['packages/schema/src/a.ts', `import '../../client/src/index.ts'`],
  ['apps/server/src/domain/judge/a.ts', `import '../../persistence/database.ts'`],
  ['apps/server/src/domain/a.ts', `import { readFile } from 'node:fs/promises'\nvoid readFile`],
  ['apps/server/src/domain/a.ts', `import OpenAI from 'openai'\nvoid OpenAI`],
  ['apps/server/src/workflows/a.ts', `import '../persistence/database.ts'`],
  ['apps/server/src/workflows/run-batch/a.ts', `import '../../providers/index.ts'`],
  ['apps/server/src/persistence/a.ts', `import '../workflows/services.ts'`],
  ['apps/server/src/providers/openai/a.ts', `import '../../persistence/ids.ts'`],
  ['apps/server/src/routers/a.ts', `import '../persistence/ids.ts'`],
  ['apps/server/src/routers/a.ts', `import '../domain/ports.ts'`],
  ['packages/client/src/a.ts', `import { appRouter } from '@proctor/server/app-router'\nvoid appRouter`],
  ['apps/web/src/data/a.ts', `import { appRouter } from '@proctor/server/app-router'\nvoid appRouter`],
  ['apps/web/src/features/run/a.ts', `import '../runs/run-row.tsx'`],
  ['apps/simulator/src/a.ts', `import '@proctor/schema'`],
]

const allowed: [file: string, code: string][] = [
  ['packages/schema/src/a.ts', `import { z } from 'zod'\nimport { x } from './paging.ts'\nvoid [z, x]`],
  ['apps/server/src/domain/judge/a.ts', `import { z } from 'zod'\nimport { x } from '../ports.ts'\nvoid [z, x]`],
  ['apps/server/src/workflows/a.ts', `import { x } from '../domain/ports.ts'\nvoid x`],
  ['apps/server/src/routers/a.ts', `import { x } from '../domain/errors.ts'\nvoid x`],
  [
    'packages/client/src/a.ts',
    `import type { AppRouter } from '@proctor/server/app-router'\nexport type A = AppRouter`,
  ],
  ['apps/web/src/features/run/a.ts', `import { x } from '../../ui/card.tsx'\nvoid x`],
]

describe('the import rules', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'proctor-lint-'))
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const lint = (file: string, code: string): string => {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${code}\n`)
    const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'unix', file], { cwd: folder, encoding: 'utf8' })
    rmSync(path)
    return stdout
  }

  it.each(forbidden)('refuse in %s: %s', (file, code) => {
    expect(lint(file, code)).toContain('no-restricted-imports')
  })

  it.each(allowed)('allow in %s: %s', (file, code) => {
    expect(lint(file, code)).not.toContain('no-restricted-imports')
  })
})
