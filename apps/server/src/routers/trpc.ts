import { initTRPC, TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server'
import type { ErrorBody, ErrorCode } from '@proctor/schema'
import { ZodError } from 'zod'
import { UserError } from '../domain/errors.ts'
import type { Services } from '../workflows/services.ts'

export interface RequestContext {
  services: Services
  requestId: string
}

const httpCodes: Record<ErrorCode, TRPC_ERROR_CODE_KEY> = {
  'invalid-input': 'BAD_REQUEST',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  'unknown-model': 'BAD_REQUEST',
  'unknown-provider': 'BAD_REQUEST',
  'missing-key': 'PRECONDITION_FAILED',
  'unknown-price': 'BAD_REQUEST',
  internal: 'INTERNAL_SERVER_ERROR',
}

const t = initTRPC.context<RequestContext>().create({
  sse: { ping: { enabled: true, intervalMs: 3000 }, client: { reconnectAfterInactivityMs: 10_000 } },
  errorFormatter: ({ shape, error, ctx }) => ({
    message: shape.message,
    code: shape.code,
    // Built from scratch: tRPC's own data would carry the stack to the browser in development.
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      path: shape.data.path,
      error: errorBody(error, ctx?.requestId ?? 'none'),
    },
  }),
})

export const router = t.router

/** A procedure whose UserErrors reach the caller with the right HTTP status. */
export const procedure = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (!result.ok && result.error.cause instanceof UserError) throw withStatus(result.error.cause)
  return result
})

/** The same for what a subscription throws while it runs, which middleware does not see. */
export async function* reportUserErrors<T>(
  source: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* source
  } catch (error) {
    throw error instanceof UserError ? withStatus(error) : error
  }
}

function withStatus(cause: UserError): TRPCError {
  return new TRPCError({ code: httpCodes[cause.code], message: cause.message, cause })
}

function errorBody(error: TRPCError, requestId: string): ErrorBody {
  const { cause } = error
  if (cause instanceof UserError)
    return { code: cause.code, field: cause.field, message: cause.message, mend: cause.mend, requestId }
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') {
    const issue = cause.issues[0]
    const field = issue && issue.path.length > 0 ? issue.path.join('.') : null
    const message = field ? `${field}: ${issue?.message}` : (issue?.message ?? 'The input has the wrong shape.')
    const more = cause.issues.length - 1
    return {
      code: 'invalid-input',
      field,
      message: more > 0 ? `${message} (and ${more} more)` : message,
      mend: field ? `Correct \`${field}\` and send it again.` : 'Correct the input and send it again.',
      requestId,
    }
  }
  if (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST' || error.code === 'METHOD_NOT_SUPPORTED')
    return { code: 'invalid-input', field: null, message: error.message, mend: 'Check the request.', requestId }
  return {
    code: 'internal',
    field: null,
    message: 'Something went wrong on the server.',
    mend: `Look for request ${requestId} in the server's log.`,
    requestId,
  }
}
