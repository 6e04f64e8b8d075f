import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { DriverAdapterError, type SqlDriverAdapter, type Transaction } from '@prisma/driver-adapter-utils'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { Call, FromThread, Methods, ThreadData, ToThread } from './protocol.ts'

/**
 * The thread in which PGlite runs. PostgreSQL in WebAssembly keeps a processor busy by itself: here it
 * does so beside the calls to the models, not in between them.
 */
const port = parentPort
if (!port) throw new Error('This module is the main module of a worker thread.')

const { dataDir, dump } = workerData as ThreadData
const pglite = await PGlite.create({ dataDir, ...(dump ? { loadDataDir: dump } : {}) })
const adapter: SqlDriverAdapter = await new PrismaPGlite(pglite).connect()
const transactions = new Map<number, Transaction>()
let lastTransaction = 0

const inTransaction = (id: number): Transaction => {
  const transaction = transactions.get(id)
  if (!transaction) throw new Error('The transaction is over.')
  return transaction
}

const end = (id: number): Transaction => {
  const transaction = inTransaction(id)
  transactions.delete(id)
  return transaction
}

const methods: Methods = {
  queryRaw: (query, id) => (id === null ? adapter : inTransaction(id)).queryRaw(query),
  executeRaw: (query, id) => (id === null ? adapter : inTransaction(id)).executeRaw(query),
  async begin(isolationLevel) {
    const transaction = await adapter.startTransaction(isolationLevel)
    lastTransaction += 1
    transactions.set(lastTransaction, transaction)
    return lastTransaction
  },
  commit: (id) => end(id).commit(),
  rollback: (id) => end(id).rollback(),
  query: async (sql, params) => ({ rows: (await pglite.query<object>(sql, params)).rows }),
  exec: async (sql) => (await pglite.exec(sql)).map(({ rows }) => ({ rows })),
  async listen(channel) {
    await pglite.listen(channel, (payload) => send({ type: 'notified', channel, payload }))
  },
  close: () => pglite.close(),
}

port.on('message', ({ id, call }: ToThread) => void answer(id, call))
send({ type: 'ready' })

async function answer(id: number, { method, args }: Call): Promise<void> {
  try {
    const run = methods[method] as (...args: unknown[]) => Promise<unknown>
    send({ type: 'result', id, result: await run(...args) })
  } catch (error) {
    const isAdapterError = error instanceof DriverAdapterError
    const { message, stack, ...rest } = error as Error
    send({
      type: 'error',
      id,
      error: isAdapterError ? { adapter: error.cause } : { message, stack, rest: { ...rest } },
    })
  }
}

function send(message: FromThread): void {
  port?.postMessage(message)
}
