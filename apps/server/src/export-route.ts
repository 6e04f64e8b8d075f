import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ErrorBody } from '@proctor/schema'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { z } from 'zod'
import { UserError } from './domain/errors.ts'
import type { Services } from './workflows/services.ts'

const lines = 'application/x-ndjson; charset=utf-8'
const types = { jsonl: lines, csv: 'text/csv; charset=utf-8', observer: lines }
const endings = { jsonl: 'jsonl', csv: 'csv', observer: 'observer.jsonl' }
const fileSchema = z.object({ runId: z.uuid(), format: z.enum(['jsonl', 'csv', 'observer']) })

/** `GET /export/runs/:runId.:format`: all items of a run as a file, streamed; `.observer` is what was said about it. */
export function exportRoute(services: Pick<Services, 'exportRun' | 'exportObserver'>, logger: Logger) {
  return async (request: Request, response: Response): Promise<void> => {
    const requestId = randomUUID()
    response.setHeader('x-request-id', requestId)
    try {
      const file = fileSchema.safeParse(request.params)
      if (!file.success) throw unknownFile()
      const { runId, format } = file.data
      const { run, chunks } = await (format === 'observer'
        ? services.exportObserver(runId)
        : services.exportRun(runId, format))
      response.setHeader('content-type', types[format])
      response.setHeader('content-disposition', `attachment; filename="${fileName(run)}.${endings[format]}"`)
      response.setHeader('cache-control', 'no-store')
      // It waits for a slow reader, and ends the reading when the reader goes away.
      await pipeline(Readable.from(chunks), response)
    } catch (error) {
      // A file that breaks off must not look like a whole one: the connection is cut.
      if (response.headersSent) response.destroy()
      else sendError(response, error, requestId)
      if (!(error instanceof UserError) && !isGone(error)) logger.error({ err: error, requestId }, 'An export failed.')
    }
  }
}

function fileName({ sessionId, suite, model }: { sessionId: string | null; suite: { name: string }; model: string }) {
  return (sessionId ?? `${suite.name}-${model}`).replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 150)
}

function unknownFile(): UserError {
  return new UserError('not-found', {
    field: 'runId',
    message: 'There is no such export.',
    mend: 'Ask for /export/runs/ followed by the run’s id and .csv, .jsonl or .observer.',
  })
}

/** The reader closed the connection before the end. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function sendError(response: Response, error: unknown, requestId: string): void {
  const body: ErrorBody =
    error instanceof UserError
      ? { code: error.code, field: error.field, message: error.message, mend: error.mend, requestId }
      : {
          code: 'internal',
          field: null,
          message: 'Something went wrong on the server.',
          mend: `Look for request ${requestId} in the server's log.`,
          requestId,
        }
  response.removeHeader('content-disposition')
  response.status(body.code === 'not-found' ? 404 : 500).json({ error: body })
}
