import type { ErrorBody } from '@proctor/schema'

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === 'object' && value !== null && 'message' in value && 'mend' in value && 'requestId' in value
}

/** The server's typed error body; an error that carries none (server not reachable, say) becomes one. */
export function readError(error: unknown): ErrorBody {
  if (typeof error === 'object' && error !== null && 'data' in error) {
    const { data } = error
    if (typeof data === 'object' && data !== null && 'error' in data && isErrorBody(data.error)) return data.error
  }
  return {
    code: 'internal',
    field: null,
    message: 'The Proctor server cannot be reached.',
    mend: 'Check that it is running and try again.',
    requestId: 'none',
  }
}

/** The error, when it belongs to one of these input fields (or to something inside of one). */
export function errorOfField(error: ErrorBody | null, ...fields: string[]): ErrorBody | null {
  if (!error?.field) return null
  const { field } = error
  return fields.some((name) => field === name || field.startsWith(`${name}.`)) ? error : null
}
