import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startServer } from './compose.ts'
import { readEnv } from './env.ts'

const webDir = fileURLToPath(new URL('../../web/dist', import.meta.url))

try {
  const server = await startServer({
    env: readEnv(process.env),
    variables: process.env,
    webDir: existsSync(webDir) ? webDir : null,
  })
  // The launcher waits for this line; it is the only thing on standard output that is not a log.
  process.stdout.write(`Proctor listens on ${server.url}\n`)

  let stopping = false
  const stop = () => {
    if (stopping) process.exit(130)
    stopping = true
    server
      .close()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        server.logger.fatal({ err: error }, 'The server did not stop cleanly.')
        process.exit(1)
      })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  process.stderr.write(`Proctor cannot start. ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
