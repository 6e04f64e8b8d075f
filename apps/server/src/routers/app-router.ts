import { batchRouter } from './batch.ts'
import { judgeRouter } from './judge.ts'
import { observerRouter } from './observer.ts'
import { sessionRouter } from './session.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  batch: batchRouter,
  session: sessionRouter,
  judge: judgeRouter,
  observer: observerRouter,
})

/** What clients import as a type: every procedure with its input and output. */
export type AppRouter = typeof appRouter
