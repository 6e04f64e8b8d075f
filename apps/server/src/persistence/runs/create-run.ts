import { fromPrisma } from 'pg-boss'
import { isSampled } from '../../domain/judge/sampling.ts'
import type { NewRun } from '../../domain/run-ports.ts'
import type { Database } from '../database.ts'
import { uuidv7 } from '../ids.ts'
import { isSessionIdFree } from '../session-ids.ts'
import { runQueue } from './job-queue.ts'
import { storable, toJson } from './write-group.ts'

const itemsPerInsert = 2000

/** Writes run, conversation, items and the job that starts the run, all or nothing. */
export async function createRun({ prisma, boss }: Database, given: NewRun): Promise<boolean> {
  const run = storable(given)
  return prisma.$transaction(
    async (tx) => {
      if (run.isNewSession && run.sessionId !== null && !(await isSessionIdFree(tx, run.sessionId))) return false
      const cases = await tx.suiteCase.findMany({
        where: { suiteVersionId: run.suiteVersionId },
        orderBy: { position: 'asc' },
        select: { id: true, caseId: true },
      })
      const totalItems = cases.length * run.repeats
      const experiment =
        run.experimentName === null
          ? null
          : await tx.run.upsert({
              where: { experimentName: run.experimentName },
              create: { id: uuidv7(), experimentName: run.experimentName },
              update: {},
            })
      await tx.batchTestRun.create({
        data: {
          id: run.id,
          runId: experiment?.id ?? null,
          suiteVersionId: run.suiteVersionId,
          model: run.model,
          concurrency: run.concurrency,
          repeats: run.repeats,
          callSettings: { ...run.call },
          ...(run.judge ? { judgeSettings: { ...run.judge } } : {}),
          budgetMicros: run.budgetMicros,
          totalItems,
          pendingItems: totalItems,
        },
      })
      await tx.conversation.create({
        data: {
          id: run.conversationId,
          title: `Batch test ${run.model}`,
          isWidgetSession: true,
          widgetSessionId: `batch_test_${run.id}`,
          sessionId: run.sessionId,
          experimentName: run.experimentName,
          batchTestRunId: run.id,
        },
      })
      const { judge } = run
      const judged = judge && judge.when !== 'manual' ? judge.sampleShare : 0
      // All repeats of a case after all cases of the repeat before: a stopped run has seen every case.
      const items = Array.from({ length: run.repeats }, (_, index) => index + 1).flatMap((repeat) =>
        cases.map((entry, index) => ({
          id: uuidv7(),
          suiteCaseId: entry.id,
          repeat,
          position: (repeat - 1) * cases.length + index,
          judgeWanted: judged > 0 && isSampled(entry.caseId, repeat, judged),
        })),
      )
      for (let start = 0; start < items.length; start += itemsPerInsert)
        await tx.$executeRawUnsafe(
          `INSERT INTO batch_test_items (id, batch_test_run_id, suite_case_id, repeat, position, judge_wanted)
           SELECT n.id, $1::uuid, n."suiteCaseId", n.repeat, n.position, n."judgeWanted"
           FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, "suiteCaseId" uuid, repeat int, position int,
             "judgeWanted" boolean)`,
          run.id,
          toJson(items.slice(start, start + itemsPerInsert)),
        )
      await boss.send(runQueue, { runId: run.id }, { db: fromPrisma(tx) })
      return true
    },
    { timeout: 60_000 },
  )
}
