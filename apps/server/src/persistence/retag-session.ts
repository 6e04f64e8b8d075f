import type { RetagSessionInput } from '@proctor/schema'
import { transactionOptions, type Database } from './database.ts'
import { uuidv7 } from './ids.ts'
import { isSessionIdFree } from './session-ids.ts'

/** Moves every conversation of a session to another tag, with its old one kept, all or nothing. */
export function retagSession(
  { prisma }: Database,
  { sessionId, newSessionId, experimentName, merge }: RetagSessionInput,
): Promise<'done' | 'not-found' | 'taken'> {
  return prisma.$transaction(async (tx) => {
    const isFree = await isSessionIdFree(tx, newSessionId)
    const conversations = await tx.conversation.findMany({
      where: { sessionId },
      select: { id: true, experimentName: true, batchTestRunId: true },
    })
    if (conversations.length === 0) return 'not-found'
    if (newSessionId !== sessionId && !isFree && !merge) return 'taken'
    const changed = conversations.filter(
      (conversation) => newSessionId !== sessionId || conversation.experimentName !== experimentName,
    )
    await tx.sessionTagChange.createMany({
      data: changed.map((conversation) => ({
        id: uuidv7(),
        conversationId: conversation.id,
        oldSessionId: sessionId,
        oldExperimentName: conversation.experimentName,
      })),
    })
    await tx.conversation.updateMany({
      where: { id: { in: changed.map(({ id }) => id) } },
      data: { sessionId: newSessionId, experimentName },
    })
    const experiment =
      experimentName === null
        ? null
        : await tx.run.upsert({
            where: { experimentName },
            create: { id: uuidv7(), experimentName },
            update: {},
          })
    await tx.batchTestRun.updateMany({
      where: { id: { in: changed.flatMap(({ batchTestRunId }) => (batchTestRunId === null ? [] : [batchTestRunId])) } },
      data: { runId: experiment?.id ?? null },
    })
    return 'done'
  }, transactionOptions)
}
