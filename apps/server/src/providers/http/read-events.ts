import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { ResponseBody } from './fetch.ts'

/** How long a server may keep the connection open behind its last event before it is closed. */
const lingerMs = 1000

/**
 * Reads a stream of server-sent events to its end.
 *
 * @param response as `fetchForSdks` gives it
 * @param onEvent gets each event; true says that it was the last, whatever the server sends behind it
 * @throws what onEvent throws, and what breaks the connection
 */
export function readEvents(response: Response, onEvent: (event: EventSourceMessage) => boolean): Promise<void> {
  const body = response.body as unknown as ResponseBody
  const decoder = new TextDecoder()
  return new Promise((resolve, reject) => {
    let isOver = false
    const parser = createParser({
      onEvent: (event) => {
        if (!isOver && onEvent(event)) isOver = true
      },
    })
    body.on('data', (chunk: Buffer) => {
      if (isOver) return
      try {
        parser.feed(decoder.decode(chunk, { stream: true }))
      } catch (error) {
        isOver = true
        reject(error)
        body.destroy()
        return
      }
      if (!isOver) return
      resolve()
      // Read to the end all the same, for then the connection can be used again.
      const timer = setTimeout(() => body.destroy(), lingerMs)
      body.once('close', () => clearTimeout(timer))
    })
    body.once('end', () => resolve())
    body.once('error', reject)
    // Without an end or an error before it, the connection was given up by us.
    body.once('close', () => resolve())
  })
}
