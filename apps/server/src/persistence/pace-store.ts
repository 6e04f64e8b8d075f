import type { PaceStore } from '../domain/ports.ts'
import { freePace, type Pace } from '../domain/scheduler/pace.ts'
import type { Database } from './database.ts'

/** Paces, one row a model, shared by all processes on the database. */
export function createPaceStore({ prisma }: Database): PaceStore {
  return {
    async change(model, change) {
      return prisma.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(
          'INSERT INTO rate_limits (model, pace) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING',
          model,
          JSON.stringify(freePace),
        )
        const [row] = await tx.$queryRawUnsafe<{ pace: Pace; nowMs: number }[]>(
          `SELECT pace, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
           FROM rate_limits WHERE model = $1 FOR UPDATE`,
          model,
        )
        if (!row) throw new Error(`The pace of ${model} has no row.`)
        const pace = change(row.pace, row.nowMs)
        await tx.$executeRawUnsafe(
          'UPDATE rate_limits SET pace = $2::jsonb, changed_at = now() WHERE model = $1',
          model,
          JSON.stringify(pace),
        )
        return { pace, nowMs: row.nowMs }
      })
    },

    async read(model) {
      const [row] = await prisma.$queryRawUnsafe<{ pace: Pace; nowMs: number }[]>(
        `SELECT pace, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
         FROM rate_limits WHERE model = $1`,
        model,
      )
      return row ?? null
    },
  }
}
