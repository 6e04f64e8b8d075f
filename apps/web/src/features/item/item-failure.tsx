import type { Item } from '@proctor/schema'
import { ErrorNotice } from '../../ui/error-notice.tsx'

/** Why there is no answer, or no verdict. */
export function ItemFailure({ item: { state, failure } }: { item: Item }) {
  if (!failure) return null
  const status = failure.httpStatus ? ` (HTTP ${failure.httpStatus})` : ''
  return (
    <ErrorNotice
      error={{
        code: 'internal',
        field: null,
        message: `${state === 'judge_failed' ? 'No verdict' : 'No answer'}: ${failure.kind}${status}`,
        mend: `${failure.message}${failure.retryable ? ' It can be retried.' : ''}`,
        requestId: failure.providerRequestId ?? 'none',
      }}
    />
  )
}
