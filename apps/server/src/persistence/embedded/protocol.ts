import type { DriverAdapterError, IsolationLevel, SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils'

/** What the thread of the embedded database and its client say to each other. */

export interface ThreadData {
  dataDir: string
  /** Contents of a new folder; null for an empty one. */
  dump: Blob | null
}

interface Rows {
  rows: object[]
}

/** What the thread does; a transaction is named by a number, null is none. */
export interface Methods {
  queryRaw(query: SqlQuery, transaction: number | null): Promise<SqlResultSet>
  executeRaw(query: SqlQuery, transaction: number | null): Promise<number>
  begin(isolationLevel?: IsolationLevel): Promise<number>
  commit(transaction: number): Promise<void>
  rollback(transaction: number): Promise<void>
  /** One statement, values as JavaScript has them. */
  query(sql: string, params?: unknown[]): Promise<Rows>
  /** A script. */
  exec(sql: string): Promise<Rows[]>
  listen(channel: string): Promise<void>
  close(): Promise<void>
}

export interface Call {
  method: keyof Methods
  args: unknown[]
}

export interface ToThread {
  id: number
  call: Call
}

/** An error as it can be sent: instances of classes arrive without their class. */
export type SentError =
  | { adapter: DriverAdapterError['cause'] }
  | { message: string; stack: string | undefined; rest: object }

export type FromThread =
  | { type: 'ready' }
  | { type: 'result'; id: number; result: unknown }
  | { type: 'error'; id: number; error: SentError }
  | { type: 'notified'; channel: string; payload: string }
