import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/summary-reporter.ts'],
    // A database, a server and a browser each take a core; more at once only makes them slow.
    maxWorkers: 2,
    // A poll ends as soon as it is satisfied; one second is little where a server, a database and a browser start.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
          exclude: ['apps/server/test/persistence/**'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['apps/server/test/persistence/**/*.test.ts', 'tests/integration/**/*.test.ts'],
          globalSetup: ['./tests/support/postgres-global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
