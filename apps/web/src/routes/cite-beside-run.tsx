import { Link } from '@tanstack/react-router'
import type { RenderCitation } from '../features/observer/entry.tsx'

/** Citations open the item beside the run's table, with the assistant still open. */
export function citeBesideRun(runId: string): RenderCitation {
  return ({ itemId, caseId }, label) => (
    <Link to="/runs/$runId" params={{ runId }} search={{ observer: true, item: itemId }} title={caseId}>
      {label}
    </Link>
  )
}
