import { AbortedError, type ProviderError } from '../domain/errors.ts'
import { failure } from './call-scope.ts'

const maxPages = 20
const maxModels = 5000
/** Statuses of a server that has no such endpoint. */
const noListStatuses = new Set([404, 405, 501])

/** A page of models, as both SDKs give it. */
interface ModelsPage {
  getPaginatedItems(): { id: string }[]
  iterPages(): AsyncIterable<ModelsPage>
}

/**
 * All model names, page after page, with an end even where a server's pages have none.
 * @returns null where the server has no list, or none with anything in it
 * @throws ProviderError, or AbortedError when the signal fired for another reason than its own timeout
 */
export async function listModelNames(
  requestFirstPage: () => PromiseLike<ModelsPage>,
  signal: AbortSignal,
  toProviderError: (error: unknown) => ProviderError,
): Promise<string[] | null> {
  const names: string[] = []
  let pages = 0
  try {
    for await (const page of (await requestFirstPage()).iterPages()) {
      for (const { id } of page.getPaginatedItems()) if (typeof id === 'string') names.push(id)
      pages += 1
      if (pages >= maxPages || names.length >= maxModels) break
    }
  } catch (error) {
    if (signal.aborted) throw toStopError(signal.reason)
    const providerError = toProviderError(error)
    if (noListStatuses.has(providerError.failure.httpStatus ?? 0)) return null
    throw providerError
  }
  // A server that answers with a page or an empty list tells nothing about what can be called.
  return names.length === 0 ? null : names.slice(0, maxModels)
}

function toStopError(reason: unknown): Error {
  const isTimeout = reason instanceof DOMException && reason.name === 'TimeoutError'
  return isTimeout
    ? failure('timeout', 'The server did not list its models in time.', { retryable: true })
    : new AbortedError()
}
