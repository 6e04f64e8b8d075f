import { createHash } from 'node:crypto'
import type { AnswerCache, CachedAnswer } from '../domain/ports.ts'
import type { Database } from './database.ts'
import { storable } from './runs/write-group.ts'

/** Answers by the hash of their call. */
export function createAnswerCache({ prisma }: Database): AnswerCache {
  return {
    async find(call) {
      const row = await prisma.cachedAnswer.findUnique({ where: { key: keyOf(call) }, select: { answer: true } })
      return row && (row.answer as unknown as CachedAnswer)
    },
    async keep(call, answer) {
      await prisma.cachedAnswer.createMany({
        data: [{ key: keyOf(call), answer: storable({ ...answer, usage: { ...answer.usage } }) }],
        skipDuplicates: true,
      })
    },
  }
}

function keyOf(call: string): string {
  return createHash('sha256').update(call).digest('hex')
}
