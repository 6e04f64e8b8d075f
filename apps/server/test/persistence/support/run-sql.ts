import { Client } from 'pg'

/** Runs one statement on a PostgreSQL server, on a connection of its own. */
export async function runSql<Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}
