import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils'
import type { ThreadClient } from './thread-client.ts'

const info = { provider: 'postgres', adapterName: 'pglite-prisma-adapter' } as const

/** Prisma's way to the embedded database: each call is carried out by the adapter in the thread. */
export function createThreadAdapter(thread: ThreadClient): SqlMigrationAwareDriverAdapterFactory {
  const queryable = (transaction: number | null): SqlQueryable => ({
    ...info,
    queryRaw: (query) => thread.call('queryRaw', query, transaction),
    executeRaw: (query) => thread.call('executeRaw', query, transaction),
  })
  const adapter: SqlDriverAdapter = {
    ...queryable(null),
    async startTransaction(isolationLevel): Promise<Transaction> {
      const id = await thread.call('begin', isolationLevel)
      return {
        ...queryable(id),
        // The adapter in the thread says COMMIT and ROLLBACK itself.
        options: { usePhantomQuery: true },
        commit: () => thread.call('commit', id),
        rollback: () => thread.call('rollback', id),
      }
    },
    executeScript: async (script) => void (await thread.call('exec', script)),
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: () => Promise.resolve(),
  }
  return {
    ...info,
    connect: () => Promise.resolve({ ...adapter }),
    connectToShadowDb: () => Promise.reject(new Error('The server makes no migrations, it only applies them.')),
  }
}
