import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Logger } from 'pino'
import { exportRoute } from './export-route.ts'
import { appRouter } from './routers/app-router.ts'
import { isLocalRequest } from './request-guard.ts'
import type { Services } from './workflows/services.ts'

/** A suite of 100,000 cases is sent in one request. */
const bodyLimit = '64mb'
const maxBatchSize = 32

/** The HTTP application: tRPC under /trpc, files under /export, the dashboard everywhere else. */
export function createApp({
  services,
  logger,
  webDir,
}: {
  services: Services
  logger: Logger
  webDir: string | null
}): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (isLocalRequest(request)) return next()
    response.status(403).json({
      error: 'This server answers only to its own address.',
      mend: 'Open it under the address that it printed at its start.',
    })
  })
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/export/runs/:runId.:format', exportRoute(services, logger))
  app.use(
    '/trpc',
    express.json({ limit: bodyLimit }),
    createExpressMiddleware({
      router: appRouter,
      maxBatchSize,
      createContext: ({ res }) => {
        const requestId = randomUUID()
        res.setHeader('x-request-id', requestId)
        return { services, requestId }
      },
      onError: ({ error, path, ctx }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          logger.error({ err: error.cause ?? error, path, requestId: ctx?.requestId }, 'A request failed.')
      },
    }),
  )
  if (webDir !== null) {
    const files = resolve(webDir)
    app.use('/assets', express.static(resolve(files, 'assets'), { immutable: true, maxAge: '1y' }))
    app.use(express.static(files))
    // Every other path belongs to the dashboard's own router.
    app.get('/{*path}', (_request, response) => response.sendFile('index.html', { root: files }))
  }
  return app
}
