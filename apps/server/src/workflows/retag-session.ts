import type { RetagSessionInput, SessionSummary } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { SessionStore } from '../domain/ports.ts'

/** Gives a session another tag; joining a session that exists has to be asked for. */
export async function retagSession(sessions: SessionStore, input: RetagSessionInput): Promise<SessionSummary> {
  const outcome = await sessions.retag(input)
  if (outcome === 'taken')
    throw new UserError('conflict', {
      field: 'newSessionId',
      message: `There is a session ${input.newSessionId} already.`,
      mend: 'Choose another id, or set `merge` to put the two sessions together; that cannot be taken apart again.',
    })
  const session = outcome === 'done' ? await sessions.get(input.newSessionId) : null
  if (session) return session
  throw new UserError('not-found', {
    field: 'sessionId',
    message: 'There is no such session.',
    mend: 'Check the id; the list of sessions shows those that exist.',
  })
}
