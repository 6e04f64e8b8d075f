import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProctorClient } from '@proctor/client'
import { startServerProcess } from '../../tests/support/server-process.ts'
import { cpuSecondsOf, peakRssMbOf } from './process-figures.ts'
import type { Figures, Setting } from './setting.ts'

/** One run through the real server, with one subscriber; everything is stored. */
export async function measureProctor(
  { n, concurrency, judged }: Setting,
  openaiBaseUrl: string,
  databaseUrl: string | null,
): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'proctor-bench-'))
  const server = await startServerProcess({
    ...(databaseUrl === null ? { PROCTOR_DATA_DIR: join(folder, 'database') } : { DATABASE_URL: databaseUrl }),
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: openaiBaseUrl,
  })
  try {
    const client = createProctorClient({ url: server.url })
    const cases = Array.from({ length: n }, (_, index) => ({ id: `c${index}`, prompt: `Question number ${index}?` }))
    const suite = await client.batch.suites.create.mutate({ name: `Bench ${folder}`, cases })
    const cpuBefore = await cpuSecondsOf(server.pid)
    const startMs = performance.now()
    const { runId } = await client.batch.create.mutate({
      suiteVersionId: suite.versionId,
      model: 'openai:sim-small',
      concurrency,
      ...(judged ? { judge: { model: 'openai:sim-large', criteria: ['helpfulness', 'accuracy', 'clarity'] } } : {}),
    })
    await completionOf(client, runId)
    const wallSeconds = (performance.now() - startMs) / 1000
    const { counts } = (await client.batch.get.query({ runId })).progress
    if ((judged ? counts.judged : counts.answered) !== n)
      throw new Error(`The run is not whole: ${JSON.stringify(counts)}`)
    return {
      promptsPerSecond: n / wallSeconds,
      wallSeconds,
      cpuSeconds: (await cpuSecondsOf(server.pid)) - cpuBefore,
      peakRssMb: await peakRssMbOf(server.pid),
    }
  } finally {
    await server.kill()
    await rm(folder, { recursive: true })
  }
}

function completionOf(client: ReturnType<typeof createProctorClient>, runId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = client.batch.onRunEvents.subscribe(
      { runId },
      {
        onData: ({ data }) => {
          const status =
            data.kind === 'snapshot'
              ? data.run.status
              : data.event.body.type === 'status'
                ? data.event.body.status
                : null
          if (status !== 'completed') return
          subscription.unsubscribe()
          resolve()
        },
        onError: reject,
      },
    )
  })
}
